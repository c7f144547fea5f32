"""The views there are, and which of them is shown: remembered, else by content."""

from wsinspector.present.views.cbor_view import Cbor
from wsinspector.present.views.compressed import Compressed
from wsinspector.present.views.contents import PayloadView, Sample
from wsinspector.present.views.graphql_ws import GraphQl
from wsinspector.present.views.image_view import Pictures
from wsinspector.present.views.json_rpc import JsonRpc
from wsinspector.present.views.json_tree import JsonTree
from wsinspector.present.views.markup_view import Markup
from wsinspector.present.views.msgpack_view import MessagePack
from wsinspector.present.views.socket_io import SocketIo

SURE = 50
"""From here on a view is shown without being asked for."""

_PLAIN: tuple[PayloadView, ...] = (
    JsonTree(),
    JsonRpc(),
    GraphQl(),
    SocketIo(),
    MessagePack(),
    Cbor(),
    Markup(),
    Pictures(),
)
VIEWS: tuple[PayloadView, ...] = (*_PLAIN, Compressed(_PLAIN))
"""In the order of the menu. A new view is a file beside this one and its name here."""


def view_called(name: str) -> PayloadView | None:
    """The view with the id ``name``."""
    return next((view for view in VIEWS if view.id == name), None)


def chosen(sample: Sample) -> PayloadView | None:
    """The view that is surest of this content; None where text, laid out JSON or hex say as much."""
    sure, view = max(((view.fits(sample), -at) for at, view in enumerate(VIEWS)), default=(0, 0))
    return VIEWS[-view] if sure > SURE else None
