"""What stands beside Request and Response where the request came to us and the response is ours."""

from wsinspector.conversation.snapshot import AttemptSnapshot, EndedBy, Phase
from wsinspector.present.fact import Fact
from wsinspector.present.nextsteps import NextStep
from wsinspector.present.numbers import clock, duration
from wsinspector.protocol.http import Response
from wsinspector.translate import translate


def came_when(snapshot: AttemptSnapshot) -> str:
    """When the request was whole, or how far it is."""
    if snapshot.request_at is not None:
        at = snapshot.wall_ns + snapshot.request_at - snapshot.mono_ns
        return translate("ServedTexts", "came {0}").format(clock(at))
    if snapshot.phase is Phase.ENDED:
        return translate("ServedTexts", "never whole")
    return translate("ServedTexts", "arriving")


def answered_when(snapshot: AttemptSnapshot) -> str:
    """What stands there while no answer has left."""
    if snapshot.phase is Phase.ENDED:
        return translate("ServedTexts", "none")
    return translate("ServedTexts", "not answered yet") if snapshot.request_at is not None else ""


def no_answer_of_ours(snapshot: AttemptSnapshot) -> tuple[Fact, ...]:
    """Why there is no answer."""
    if snapshot.phase is not Phase.ENDED:
        if snapshot.by_hand:
            text = translate("ServedTexts", "The client waits. Write the answer on the right.")
        else:
            text = translate("ServedTexts", "Not a byte of an answer has left yet.")
        return (Fact(text),)
    end = snapshot.end
    if end is None:
        return ()
    if end.by is EndedBy.PEER:
        text = translate("ServedTexts", "The client left before it was answered, after {0}.")
        return (Fact(text.format(duration(end.age)), "text"),)
    return (Fact(translate("ServedTexts", "The connection ended before an answer left."), "text"),)


def half_of_ours(snapshot: AttemptSnapshot, response: Response) -> tuple[Fact, ...]:
    """That a head of ours is not whole."""
    count = translate("ServedTexts", "%n byte(s)", "", len(response.head.span))
    if snapshot.phase is not Phase.ENDED:
        text = translate("ServedTexts", "{0} have left so far, the blank line is missing.")
    else:
        text = translate("ServedTexts", "Half a head: {0} left, then the connection ended.")
    return (Fact(text.format(count), "text"),)


def body_note(snapshot: AttemptSnapshot) -> str:
    """Why there is no body of an answer of ours to show."""
    if snapshot.network_error:
        return snapshot.network_error
    if snapshot.bytes_out:
        return translate("ServedTexts", "what left is no whole answer")
    return translate("ServedTexts", "not one byte left")


def steps_after_client(snapshot: AttemptSnapshot) -> tuple[NextStep, ...]:
    """What can be done once a client is gone."""
    if snapshot.phase is not Phase.ENDED:
        return ()
    steps = []
    if snapshot.request:
        steps.append(
            NextStep(
                "draft",
                translate("ServedTexts", "Send exactly its request to another server"),
                translate("ServedTexts", "Makes it the draft; nothing connects before there is an address"),
            )
        )
    if snapshot.bytes_in:
        steps.append(
            NextStep(
                "raw",
                translate("ServedTexts", "Show every byte that came"),
                translate("ServedTexts", "All that the client sent, as hex"),
            )
        )
    return tuple(steps)
