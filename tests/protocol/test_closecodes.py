"""RFC 6455 §7.4 and the IANA registry."""

from itertools import pairwise

import pytest

from wsinspector.protocol.closecodes import CLOSE_CODES, Senders, close_code, describe, may_send
from wsinspector.protocol.spans import Role


def test_the_table_covers_every_code_once() -> None:
    edges = [(entry.first, entry.last) for entry in CLOSE_CODES]
    assert edges[0][0] == 0
    assert edges[-1][1] == 65535
    assert all(last + 1 == first for (_, last), (first, _) in pairwise(edges))


@pytest.mark.parametrize("code", [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535, -1, 65536])
def test_codes_nobody_may_send(code: int) -> None:
    assert not may_send(code, Role.CLIENT)
    assert not may_send(code, Role.SERVER)


@pytest.mark.parametrize("code", [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 3000, 3500, 4000, 4999])
def test_codes_both_may_send(code: int) -> None:
    assert may_send(code, Role.CLIENT)
    assert may_send(code, Role.SERVER)


def test_1010_is_the_clients() -> None:
    assert may_send(1010, Role.CLIENT)
    assert not may_send(1010, Role.SERVER)


def test_codes_are_described() -> None:
    assert describe(1000) == "1000 normal closure"
    assert describe(1006) == "1006 abnormal closure (never sent)"
    assert close_code(1005).senders is Senders.LOCAL
    assert close_code(4711).name == "private use"
