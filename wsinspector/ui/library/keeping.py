"""The request in front, kept among the saved ones from wherever one is."""

import dataclasses
from typing import TYPE_CHECKING

from wsinspector.library.requests import SavedRequest, free_name
from wsinspector.library.taking import saved_from
from wsinspector.present.plain import visible
from wsinspector.translate import translate

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk


def held_request(desk: "Desk") -> SavedRequest | None:
    """The draft of the conversation in front, named by its address; None where none is open."""
    page = desk.page
    if page is None:
        return None
    conversation = page.tab.conversation
    name = conversation.address_text.split("?")[0].rpartition("@")[2]
    name = name.removeprefix("ws://").removeprefix("wss://") or translate("Requests", "Request")
    return saved_from(conversation, name)


def keep_request(desk: "Desk") -> None:
    """Put the draft in front behind the saved requests, and say under which name."""
    held = held_request(desk)
    if held is None:
        desk.status.say(translate("Requests", "Nothing was saved: no conversation is open."))
        return
    whole = desk.shelf.whole
    held = dataclasses.replace(held, name=free_name(whole, held.name))
    if not desk.shelf.loaded:
        desk.status.say(translate("Requests", "Nothing was saved: the saved requests are still being read."))
    elif desk.shelf.change(whole.inserted((len(whole.nodes),), held)):
        told = translate("Requests", "Saved as {0}, in the Library under Requests.")
        desk.status.say(told.format(visible(held.name)))
