"""GraphQL over WebSocket, both subprotocols, as a table of what each message means."""

from wsinspector.present.plain import decoded
from wsinspector.present.views.contents import Budget, Node, Sample, Shown, Source, Table
from wsinspector.present.views.json_scan import LONGEST_RUN, fields
from wsinspector.present.views.json_tree import json_node
from wsinspector.translate import translate

NEWER, OLDER = "graphql-transport-ws", "graphql-ws"


class GraphQl:
    """A type that both know is told by the subprotocol that was agreed."""

    id = "graphql-ws"
    reaches_all = False

    @property
    def name(self) -> str:
        return translate("Views", "GraphQL over WebSocket")

    def fits(self, sample: Sample) -> int:
        if sample.subprotocol not in (NEWER, OLDER) or sample.total > LONGEST_RUN:
            return 0
        return 90 if fields(decoded(sample.data)).get("type", "").strip('"') in _told() else 0

    def show(self, source: Source, budget: Budget) -> Shown | None:
        whole = len(source.data) == source.total <= LONGEST_RUN
        found = fields(decoded(source.data)) if whole else {}
        kind = found.get("type", "").strip('"')
        if not kind:
            return None
        meanings = {
            "type": _told().get(kind, translate("Views", "no type of this subprotocol")),
            "id": translate("Views", "the operation"),
            "payload": translate("Views", "what the type carries"),
        }
        rows: list[Node] = [
            json_node(name, value, budget, meanings.get(name, translate("Views", "not of the protocol")))
            for name, value in found.items()
        ]
        return Table(tuple(rows))


def _told() -> dict[str, str]:
    return {
        "connection_init": translate("Views", "the client asks to begin"),
        "connection_ack": translate("Views", "the server agrees"),
        "ping": translate("Views", "asks for a pong"),
        "pong": translate("Views", "answers a ping"),
        "subscribe": translate("Views", "the client starts an operation"),
        "next": translate("Views", "one result of an operation"),
        "error": translate("Views", "an operation failed"),
        "complete": translate("Views", "an operation is over"),
        "connection_error": translate("Views", "the server refuses to begin"),
        "connection_terminate": translate("Views", "the client ends"),
        "start": translate("Views", "the client starts an operation"),
        "data": translate("Views", "one result of an operation"),
        "stop": translate("Views", "the client stops an operation"),
        "ka": translate("Views", "keeps the connection alive"),
    }
