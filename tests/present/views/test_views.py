"""What each view makes of bytes from its format's own description, and that none raises on any."""

import gzip
import json
import zlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.present.pages import HeldPages
from wsinspector.present.views import json_scan
from wsinspector.present.views.contents import GOES_ON, Budget, Hex, Node, Sample, Source, Table, Text, Tree
from wsinspector.present.views.json_tree import JsonTree
from wsinspector.present.views.registry import VIEWS, chosen, view_called

FREE = Budget(clock=lambda: 0.0)


def source(data: bytes, *, text: bool = False, total: int | None = None, subprotocol: str = "") -> Source:
    return Source(data, len(data) if total is None else total, text, subprotocol)


def nodes_of(view: str, data: bytes, *, text: bool = False, budget: Budget = FREE) -> tuple[Node, ...]:
    found = view_called(view)
    assert found is not None
    shown = found.show(source(data, text=text), budget)
    if isinstance(shown, Tree):
        return shown.nodes
    assert isinstance(shown, Table)
    return shown.rows


def opened(node: Node) -> Sequence[Node]:
    return node.inside() if node.inside is not None else ()


def whole_level(nodes: Sequence[Node]) -> list[Node]:
    """All nodes of a level, those behind the budget of a slice too."""
    found = list(nodes)
    while found and found[-1].name == GOES_ON:
        found += opened(found.pop())
    return found


class Counted:
    """Pages that remember how much was read at once."""

    quick = True

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.most = 0

    def length(self) -> int:
        return len(self.data)

    def read(self, start: int, end: int) -> bytes:
        self.most = max(self.most, end - start)
        return self.data[start:end]


def said(node: Node) -> str:
    inner = " ".join(f"{each.name}={said(each)}" for each in opened(node))
    return f"{node.value}({inner})" if inner else node.value


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ("00", "0"),
        ("7f", "127"),
        ("e0", "-32"),
        ("ff", "-1"),
        ("cc80", "128"),
        ("cf ffffffffffffffff", "18446744073709551615"),
        ("d3 8000000000000000", "-9223372036854775808"),
        ("d1 ff7f", "-129"),
        ("c0", "nil"),
        ("c2", "false"),
        ("c3", "true"),
        ("ca 3fc00000", "1.5"),
        ("cb 3ff8000000000000", "1.5"),
        ("a3 616263", '"abc"'),
        ("d9 03 616263", '"abc"'),
        ("c4 02 00ff", "00 ff"),
        ("93 01 02 03", "[3](0=1 1=2 2=3)"),
        ("82 a7 636f6d70616374 c3 a6 736368656d61 00", '{2}("compact"=true "schema"=0)'),
        ("dc 0001 c0", "[1](0=nil)"),
        ("de 0001 01 02", "{1}(1=2)"),
        ("d6 ff 00000001", "1"),
        ("d7 ff 0000000400000001", "1.000000001"),
        ("d4 05 aa", "aa"),
        ("c7 02 05 aabb", "aa bb"),
    ],
)
def test_messagepack_forms_of_the_specification(data: str, value: str) -> None:
    (node,) = nodes_of("msgpack", bytes.fromhex(data))
    assert said(node) == value


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ("00", "0"),
        ("1818", "24"),
        ("1bffffffffffffffff", "18446744073709551615"),
        ("3bffffffffffffffff", "-18446744073709551616"),
        ("3903e7", "-1000"),
        ("f90001", "5.960464477539063e-08"),
        ("f97c00", "inf"),
        ("fa47c35000", "100000.0"),
        ("fb3ff199999999999a", "1.1"),
        ("f4", "false"),
        ("f6", "null"),
        ("f7", "undefined"),
        ("f0", "simple(16)"),
        ("f8ff", "simple(255)"),
        ("4401020304", "01 02 03 04"),
        ("6449455446", '"IETF"'),
        ("62c3bc", '"ü"'),
        ("820102", "[2](0=1 1=2)"),
        ("a201020304", "{2}(1=2 3=4)"),
        ("83010203", "[3](0=1 1=2 2=3)"),
        ("c11a514b67b0", "[1](0=1363896240)"),
        ("9f018202039f0405ffff", "[3](0=1 1=[2](0=2 1=3) 2=[2](0=4 1=5))"),
        ("bf61610161629f0203ffff", '{2}("a"=1 "b"=[2](0=2 1=3))'),
        ("7f657374726561646d696e67ff", '[2](0="strea" 1="ming")'),
    ],
)
def test_cbor_examples_of_rfc_8949_appendix_a(data: str, value: str) -> None:
    (node,) = nodes_of("cbor", bytes.fromhex(data))
    assert said(node) == value


def test_a_cut_value_shows_what_came_and_where_it_ends() -> None:
    for name, data in (("msgpack", b"\x93\x01\x02"), ("cbor", b"\x83\x01\x02")):
        view = view_called(name)
        assert view is not None
        shown = view.show(source(data), FREE)
        assert isinstance(shown, Tree)
        assert said(shown.nodes[0]) == "[2/3](0=1 1=2)"
        assert shown.note == "the bytes end within the value at byte 3"


def test_a_declared_length_of_gigabytes_and_endless_nesting_cost_nothing() -> None:
    assert said(nodes_of("msgpack", b"\xdd\xff\xff\xff\xff\x01")[0]) == "[1/4294967295](0=1)"
    for name, data in (("msgpack", b"\x91" * 5000), ("cbor", b"\x81" * 5000)):
        view = view_called(name)
        assert view is not None
        shown = view.show(source(data), FREE)
        assert isinstance(shown, Tree)
        assert "64 levels" in shown.note


def test_json_keeps_exact_numbers_and_duplicates_and_gives_paths() -> None:
    data = b' {"a": 1.10, "a": 12345678901234567890, "x y": [true, {"b": "\\u0041"}]}'
    nodes = nodes_of("json-tree", data, text=True)
    assert [(node.name, node.value, node.path) for node in nodes] == [
        ("a", "1.10", "$.a"),
        ("a", "12345678901234567890", "$.a"),
        ("x y", '[true, {"b": "\\u0041"}]', '$["x y"]'),
    ]
    second = opened(nodes[2])[1]
    assert [(node.value, node.path) for node in opened(second)] == [('"\\u0041"', '$["x y"][1].b')]


def test_many_members_of_json_stand_in_ranges_that_are_opened() -> None:
    data = json.dumps(list(range(1200))).encode()
    nodes = nodes_of("json-tree", data)
    assert [node.value for node in nodes[:500]] == [str(number) for number in range(500)]
    assert [(node.name, node.meaning) for node in nodes[500:]] == [
        ("500 … 999", "500 members"),
        ("1\u2009000 … 1\u2009199", "200 members"),
    ]
    found = [each for node in nodes[500:] for each in opened(node)]
    assert [(node.value, node.path) for node in found] == [(str(n), f"$[{n}]") for n in range(500, 1200)]


def test_a_million_members_stand_in_ranges_of_ranges() -> None:
    data = b"[" + b"7," * 299_999 + b"8]"
    nodes = whole_level(nodes_of("json-tree", data))
    assert len(nodes) == 500 + 499 + 1
    last = nodes[-1]
    assert last.meaning == "50\u2009000 members"
    inner = whole_level(opened(last))
    assert len(inner) == 100
    assert [node.value for node in opened(inner[-1])][-2:] == ["7", "8"]
    assert opened(inner[-1])[-1].path == "$[299999]"


def test_a_long_json_is_scanned_in_slices_by_time() -> None:
    now = iter(range(100_000))
    long = b'[{"k": [' + b"[]," * 9000 + b'"' + b'", "' * 9000 + b'"]}, 2]'
    nodes = nodes_of("json-tree", long, budget=Budget(seconds=2, clock=lambda: float(next(now))))
    steps = 0
    while nodes and nodes[-1].name == GOES_ON:
        assert "scanned to byte 1 of" in nodes[-1].value
        nodes = tuple(opened(nodes[-1]))
        steps += 1
    assert steps > 1, "a member that is long itself is passed in several slices"
    assert nodes[-1].value == "2"


def test_json_is_read_where_it_is_opened_and_never_whole() -> None:
    pages = Counted(b'{"far": [' + b'{"a": "' + b"x" * 3_000_000 + b'"}, ' + b'{"b": 1.10}], "end": true}')
    shown = JsonTree().show(Source(pages.data[:4096], len(pages.data), True, "", pages), FREE)
    assert isinstance(shown, Tree)
    assert [(node.name, node.role) for node in shown.nodes] == [("far", "mark"), ("end", "literal")]
    assert pages.most <= 256 << 10
    long, short = opened(shown.nodes[0])
    assert [(node.name, node.value, node.path) for node in opened(short)] == [("b", "1.10", "$.far[1].b")]
    (text,) = opened(long)
    assert (len(text.value), text.value[-1]) == (301, "…")
    assert text.copied is not None
    assert len(text.copied()) == 1 << 20


@given(st.binary(max_size=6), st.integers(2, 9), st.recursive(
    st.one_of(st.text(max_size=5), st.integers(), st.booleans(), st.none()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
))  # fmt: skip
def test_wherever_a_window_ends_the_same_members_are_found(blank: bytes, size: int, value: object) -> None:
    blank = bytes(b" \t\n"[byte % 3] for byte in blank)
    data = b"[" + blank + json.dumps([value, value]).encode() + blank + b", 1]"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_scan, "WINDOW", size)
        patch.setattr(json_scan, "AHEAD", 0)
        found = spelled(JsonTree().show(source(data), FREE))
    assert found == spelled(JsonTree().show(source(data), FREE))
    assert json.loads(f"[{found}]") == json.loads(data)


def spelled(shown: object) -> str:
    """A tree written as JSON again."""
    assert isinstance(shown, Tree)
    return ",".join(_spelled(node) for node in shown.nodes)


def _spelled(node: Node) -> str:
    if node.inside is None:
        assert node.copied is not None
        return node.copied()
    inner = [(json.dumps(each.name), _spelled(each)) for each in opened(node)]
    if node.value[0] == "[":
        return f"[{','.join(value for _, value in inner)}]"
    assert node.copied is not None
    return node.copied()


def test_json_that_goes_wrong_says_where() -> None:
    for data, name, meaning in (
        (b'{"a": 1', "✕", "it ends at byte 7 without being closed"),
        (b'{"a" 1}', "✕", "no JSON from byte 5 on"),
        (b"[1, 2}", "✕", "no JSON from byte 5 on"),
        (b'{"a": 1} {"b": 2}', "!", "more bytes stand behind it, from byte 8 on"),
    ):
        last = nodes_of("json-tree", data)[-1]
        assert (last.name, last.meaning, last.role) == (name, meaning, "fault")
    (wrong,) = nodes_of("json-tree", b"[01]")
    assert (wrong.value, wrong.meaning, wrong.role) == ("01", "no JSON value", "fault")


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}"), (b"[1,", b"]")])
@pytest.mark.parametrize("deep", [2000, 100_000])
def test_json_nested_without_end_is_opened_level_by_level(opening: bytes, closing: bytes, deep: int) -> None:
    nodes = whole_level(nodes_of("json-tree", opening * deep + b"7" + closing * deep))
    for _ in range(20):
        assert nodes[-1].role == "mark"
        nodes = whole_level(opened(nodes[-1]))
    assert nodes[-1].path == "$" + {b"[": "[0]", b'{"a":': ".a", b"[1,": "[1]"}[opening] * 21


def test_the_innermost_of_two_thousand_levels_is_reached() -> None:
    (node,) = nodes_of("json-tree", b"[" * 2000 + b"7" + b"]" * 2000)
    for _ in range(1999):
        (node,) = opened(node)
    assert (node.value, node.role) == ("7", "number")


@given(st.lists(st.sampled_from(["[", "{", "]", "}", '"]"', "1", ","]), max_size=40))
def test_brackets_side_by_side_close_what_each_of_them_closes(parts: list[str]) -> None:
    data = "".join(["[[", *parts]).encode()
    depth, expected, quoted = 1, len(data), False
    for at, byte in enumerate(data[2:], 2):
        quoted ^= byte == ord('"')
        if not quoted:
            depth += (byte in b"[{") - (byte in b"]}")
        if not depth:
            expected = at + 1
            break
    found = next(json_scan.members(json_scan.Window(HeldPages(data)), 1, ord("]")))
    assert isinstance(found, json_scan.Member)
    assert (found.end, found.whole) == (expected, depth == 0)


def test_json_that_was_read_in_part_says_so() -> None:
    shown = JsonTree().show(source(b'{"a": 1, "b": "cut', total=1 << 27), FREE)
    assert isinstance(shown, Tree)
    assert [(node.name, node.meaning) for node in shown.nodes] == [("a", ""), ("b", "cut off")]
    assert shown.note == "only the beginning was read, members behind it are not shown"


def test_json_that_is_not_utf8_names_the_byte() -> None:
    shown = JsonTree().show(source(b'{"a": "\xff", "b": 2}'), FREE)
    assert isinstance(shown, Tree)
    assert [node.value for node in shown.nodes] == ['"\\xff"', "2"]
    assert shown.note == "not UTF-8 at byte 7; such bytes stand as \\xNN"


def test_a_character_cut_where_reading_ended_is_no_fault() -> None:
    shown = JsonTree().show(source(b'["a", "\xc3', total=100), FREE)
    assert isinstance(shown, Tree)
    assert "UTF-8" not in shown.note


def test_gzip_and_zlib_are_inflated_as_far_as_the_limit_and_viewed_by_content() -> None:
    packed = view_called("compressed")
    assert packed is not None
    for squeeze in (gzip.compress, zlib.compress):
        tree = packed.show(source(squeeze(b'{"a": 1}')), FREE)
        assert isinstance(tree, Tree)
        assert (said(tree.nodes[0]), tree.note) == ("1", "inflated to 8 bytes")
    text = packed.show(source(gzip.compress(b"plain\x1b words")), FREE)
    assert isinstance(text, Text)
    assert text.pieces[0].text == "plain␛ words"
    bomb = packed.show(source(gzip.compress(b"\0" * 10_000_000)), FREE)
    assert isinstance(bomb, Hex)
    assert len(bomb.data) == 1 << 20
    assert "the rest not inflated" in bomb.note
    assert packed.show(source(b"\x1f\x8b\x08 none of it"), FREE) is None


def test_json_rpc_tells_calls_from_notifications_answers_and_errors() -> None:
    for data, kind in (
        (b'{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}', "call"),
        (b'{"jsonrpc": "2.0", "method": "update", "params": [1]}', "notification"),
        (b'{"jsonrpc": "2.0", "result": 19, "id": 1}', "answer"),
        (b'{"jsonrpc": "2.0", "error": {"code": -32601, "message": "x"}, "id": "1"}', "error"),
    ):
        assert nodes_of("json-rpc", data)[0].value == kind
        view = chosen(Sample(data, len(data), True))
        assert view is not None
        assert view.id == "json-rpc"


def test_socket_io_packets_of_the_protocol_description() -> None:
    rows = nodes_of("socket-io", b'42/admin,456["project:delete",123]', text=True)
    assert [(row.value, row.meaning) for row in rows[:2]] == [("4", "message"), ("2", "event")]
    assert [row.value for row in rows[2:]] == ["/admin", "456", '["project:delete",123]']
    assert [node.value for node in opened(rows[-1])] == ['"project:delete"', "123"]
    rows = nodes_of("socket-io", b'451-["hello",{"_placeholder":true,"num":0}]', text=True)
    assert (rows[1].meaning, rows[2].value) == ("event with binary attachments", "1")
    assert nodes_of("socket-io", b"3probe", text=True)[-1].value == "probe"


def test_graphql_needs_its_subprotocol() -> None:
    data = b'{"id": "1", "type": "subscribe", "payload": {"query": "{ a }"}}'
    assert chosen(Sample(data, len(data), True)) is None
    view = chosen(Sample(data, len(data), True, "graphql-transport-ws"))
    assert view is not None
    assert view.id == "graphql-ws"
    rows = nodes_of("graphql-ws", data, text=True)
    assert [row.meaning for row in rows] == [
        "the operation",
        "the client starts an operation",
        "what the type carries",
    ]


@pytest.mark.parametrize(
    ("data", "text", "expected"),
    [
        (b"plain words", True, None),
        (b'{"a": 1}', True, None),
        (b"42", True, None),
        (b"\x00\x01\x02", False, None),
        (b"\x82\xa1a\x01\xa1b\x02", False, "msgpack"),
        (b"\xa2\x61a\x01\x61b\x02", False, "cbor"),
        (gzip.compress(b"x", mtime=0), False, "compressed"),
        (zlib.compress(b"hello"), False, "compressed"),
        (b'42["news",1]', True, "socket-io"),
    ],
)
def test_the_view_is_chosen_by_content(data: bytes, text: bool, expected: str | None) -> None:
    view = chosen(Sample(data, len(data), text))
    assert (view.id if view is not None else None) == expected


def test_a_json_too_long_to_be_laid_out_comes_as_a_tree() -> None:
    view = chosen(Sample(b'[{"a":', 2 << 20, True))
    assert view is not None
    assert view.id == "json-tree"


BYTES = st.one_of(
    st.binary(max_size=200),
    st.text('{}[]:,"\\ 01a\n', max_size=60).map(str.encode),
    st.binary(max_size=60).map(zlib.compress),
    st.text('0123456-/,[{}]"a', max_size=20).map(str.encode),
    st.binary(max_size=40).map(lambda data: b'{"jsonrpc": "2.0", "method": ' + data),
)


@given(BYTES, st.booleans(), st.integers(0, 3), st.sampled_from(["", "graphql-ws", "msgpack", "cbor"]))
def test_no_view_raises_on_any_bytes(data: bytes, text: bool, more: int, subprotocol: str) -> None:
    held = source(data, text=text, total=len(data) + more, subprotocol=subprotocol)
    for view in VIEWS:
        assert 0 <= view.fits(held.sample()) <= 100
        shown = view.show(held, FREE)
        waiting = list(
            shown.nodes if isinstance(shown, Tree) else shown.rows if isinstance(shown, Table) else ()
        )
        while waiting:
            waiting.extend(opened(waiting.pop()))
