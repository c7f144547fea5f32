"""What is made of a server's answer to a provocation: no clause, no accusation."""

import pytest

from wsinspector.protocol.provocations import PROVOCATIONS, Demand, Provocation, provocation_called
from wsinspector.verdicts.provoked import Did, Observed, Result, judged


def called(id: str) -> Provocation:
    found = provocation_called(id)
    assert found is not None
    return found


CLOSED_1002 = Observed(closed=True, code=1002)
WENT_ON = Observed(probes=2)
DROPPED = Observed(ended="fin", alive=True)
RESET = Observed(ended="rst", alive=True)
SILENT = Observed(seconds=5, alive=True)


@pytest.mark.parametrize(
    ("id", "seen", "result"),
    [
        # a receiver must fail the connection
        ("rsv1", CLOSED_1002, Result.AS_REQUIRED),
        ("rsv1", Observed(closed=True, code=1008), Result.ALLOWED),
        ("rsv1", Observed(closed=True, code=None), Result.ALLOWED),
        ("rsv1", DROPPED, Result.ALLOWED),
        ("rsv1", RESET, Result.ALLOWED),
        ("rsv1", WENT_ON, Result.WRONG),
        ("rsv1", SILENT, Result.UNDECIDED),
        ("rsv1", Observed(closed=True, code=1002, probes=1), Result.AS_REQUIRED),
        ("unmasked-text", Observed(closed=True, code=1000), Result.AS_REQUIRED),
        ("utf8-bad-byte", Observed(closed=True, code=1007), Result.AS_REQUIRED),
        ("utf8-bad-byte", CLOSED_1002, Result.ALLOWED),
        # the rule binds the sender alone
        ("length-16-for-5", WENT_ON, Result.ALLOWED),
        ("length-16-for-5", CLOSED_1002, Result.AS_REQUIRED),
        ("stray-continuation", WENT_ON, Result.ALLOWED),
        ("stray-continuation", DROPPED, Result.ALLOWED),
        # nothing is wrong
        ("zero-key", WENT_ON, Result.AS_REQUIRED),
        ("zero-key", CLOSED_1002, Result.WRONG),
        ("zero-key", Observed(closed=True, code=1008), Result.ALLOWED),
        ("zero-key", DROPPED, Result.ALLOWED),
        ("zero-key", SILENT, Result.UNDECIDED),
        ("binary-16m", Observed(closed=True, code=1009), Result.ALLOWED),
        ("ping-flood", Observed(closed=True, code=1008), Result.ALLOWED),
        ("fragments-empty", CLOSED_1002, Result.ALLOWED),
        ("deflate-bomb", Observed(closed=True, code=1007), Result.ALLOWED),
        ("ping-125", Observed(probes=1, pongs=((b"0123456789" * 13)[:125],)), Result.AS_REQUIRED),
        ("ping-125", Observed(probes=1, pongs=(b"other",)), Result.WRONG),
        ("ping-125", Observed(probes=1), Result.ALLOWED),
        # a Close
        ("close-1000", Observed(closed=True, code=1000), Result.AS_REQUIRED),
        ("close-3000", Observed(closed=True, code=1000), Result.AS_REQUIRED),
        ("close-1000", Observed(closed=True, code=1001), Result.ALLOWED),
        ("close-1000", DROPPED, Result.WRONG),
        ("close-1000", RESET, Result.UNDECIDED),
        ("close-1000", Observed(seconds=5, alive=True), Result.UNDECIDED),
        ("close-999", CLOSED_1002, Result.AS_REQUIRED),
        ("close-999", Observed(closed=True, code=999), Result.ALLOWED),
        ("close-999", DROPPED, Result.ALLOWED),
        ("close-1005", Observed(closed=True, code=1005), Result.WRONG),
        ("close-1006", Observed(closed=True, code=1006), Result.WRONG),
        # nothing is demanded
        ("longer-than-sent", Observed(seconds=1, alive=True), Result.ALLOWED),
        ("longer-than-sent", CLOSED_1002, Result.ALLOWED),
        ("reset", Observed(alive=True), Result.ALLOWED),
        ("half-close", DROPPED, Result.ALLOWED),
        ("early-data", Observed(opened=False, trouble="400.", alive=True), Result.ALLOWED),
        # what could not be asked
        ("deflate-corrupt", Observed(unfit="Not agreed."), Result.UNFIT),
        ("rsv1", Observed(opened=False, trouble="503.", alive=True), Result.UNDECIDED),
        ("rsv1", Observed(sent=False, trouble="No.", alive=True), Result.UNDECIDED),
        # the server is gone
        ("rsv1", Observed(ended="fin", alive=False), Result.CRASHED),
        ("reset", Observed(alive=False), Result.CRASHED),
        ("rsv1", Observed(ended="fin", alive=False, beside=("rsv2",)), Result.UNDECIDED),
    ],
)
def test_a_verdict(id: str, seen: Observed, result: Result) -> None:
    assert judged(called(id), seen).result is result


def test_what_was_not_met_is_named() -> None:
    wrong = judged(called("close-1005"), Observed(closed=True, code=1005))
    assert (wrong.short, wrong.clause) == ("closed 1005", "RFC 6455 §7.4.1")
    assert wrong.text == "Closed with 1005. 1005 must not travel in a Close frame."
    went = judged(called("rsv1"), WENT_ON)
    assert (went.did, went.clause) == (Did.WENT_ON, "RFC 6455 §5.2")
    assert went.text == "Went on, and answered the Ping behind it. It had to fail the connection."
    beside = judged(called("rsv1"), Observed(ended="fin", alive=False, beside=("rsv2",)))
    assert "(rsv2)" in beside.text


def test_whoever_drops_or_waits_is_never_accused_but_where_a_close_came_in_order() -> None:
    for each in PROVOCATIONS:
        for seen in (DROPPED, RESET, SILENT, Observed(closed=True, code=1008)):
            result = judged(each, seen).result
            if result is Result.WRONG:
                assert each.demand is Demand.CLOSE, each.id
                assert seen is DROPPED


def test_only_a_quiet_end_asks_for_another_connection() -> None:
    assert [each.crash_like for each in (CLOSED_1002, WENT_ON, Observed(unfit="No."))] == [False] * 3
    assert all(each.crash_like for each in (DROPPED, SILENT, Observed(closed=True, code=1011)))
