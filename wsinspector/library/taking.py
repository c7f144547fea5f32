"""From a conversation's draft to a saved request and back, so that window and command line agree."""

import os

from wsinspector.conversation.conversation import Conversation
from wsinspector.library.requests import SavedRequest
from wsinspector.protocol.address import Address
from wsinspector.protocol.dialects import refreshed
from wsinspector.protocol.draft import Draft
from wsinspector.protocol.request_lines import origin_of


def saved_from(conversation: Conversation, name: str, notes: str = "") -> SavedRequest:
    """The draft of ``conversation`` as it stands, whole."""
    return SavedRequest(
        name,
        conversation.address_text,
        conversation.draft,
        conversation.options,
        notes,
        conversation.exact,
        conversation.follows,
    )


def draft_for(request: SavedRequest, address: Address) -> Draft:
    """The draft of ``request`` for ``address``: what is drawn is drawn anew, what follows it follows."""
    if request.exact:
        return request.draft
    draft = refreshed(request.draft, os.urandom)
    if address.error is not None:
        return draft
    draft = draft.with_generated(host=address.host_header, origin=origin_of(address))
    return draft.with_target(address.target) if request.follows else draft


def put_into(conversation: Conversation, request: SavedRequest) -> None:
    """Make ``request`` the draft of ``conversation``, with its address and options."""
    conversation.set_options(request.options)
    conversation.set_address(request.address)
    if request.exact:
        conversation.use_exactly(request.draft.to_bytes())
    else:
        conversation.set_draft(draft_for(request, conversation.address))
