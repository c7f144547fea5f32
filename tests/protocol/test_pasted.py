"""Commands, raw requests and browsers' headers become drafts, and nothing is run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.protocol.draft import Generated
from wsinspector.protocol.pasted import PLACEHOLDER_KEY, Pasted, read_paste
from wsinspector.protocol.shellwords import shell_words


def paste(text: str) -> Pasted:
    pasted = read_paste(text)
    assert pasted is not None
    return pasted


def lines(pasted: Pasted) -> list[bytes]:
    return pasted.draft.to_bytes().split(b"\r\n")


@pytest.mark.parametrize(
    ("text", "words", "rest"),
    [
        ("a  b\tc", ["a", "b", "c"], ""),
        ('a \'b c\' "d \\" $e" f\\ g', ["a", "b c", 'd " $e', "f g"], ""),
        ("a \\\n b", ["a", "b"], ""),
        ("a $'x\\n\\x41\\u00e9\\'' ''", ["a", "x\nAé'", ""], ""),
        ("a b|c", ["a", "b"], "|c"),
        ("a\nb", ["a"], "b"),
        ("a $(rm) `b` $HOME", ["a", "$(rm)", "`b`", "$HOME"], ""),
    ],
)
def test_shell_words(text: str, words: list[str], rest: str) -> None:
    assert shell_words(text) == (words, rest)


@pytest.mark.parametrize("text", ["a 'b", 'a "b', "a $'b"])
def test_open_quotes_are_no_command(text: str) -> None:
    assert shell_words(text) is None


def test_curl_as_a_browser_copies_it() -> None:
    pasted = paste(
        "curl 'wss://chat.example/feed?x=1' \\\n"
        "  -H 'Upgrade: websocket' \\\n  -H 'Origin: https://chat.example' \\\n"
        "  -H $'Cookie: a=b\\'c' \\\n  -H 'Connection: Upgrade' \\\n"
        "  -H 'Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==' \\\n"
        "  -H 'Sec-WebSocket-Version: 13' --compressed --insecure"
    )
    assert pasted.kind == "curl"
    assert pasted.address is not None
    assert pasted.address.url == "wss://chat.example/feed?x=1"
    assert lines(pasted) == [
        b"GET /feed?x=1 HTTP/1.1", b"Host: chat.example", b"Upgrade: websocket",
        b"Origin: https://chat.example", b"Cookie: a=b'c", b"Connection: Upgrade",
        b"Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==", b"Sec-WebSocket-Version: 13", b"", b"",
    ]  # fmt: skip
    assert pasted.draft.lines[0].generated is Generated.HOST
    assert pasted.options.insecure
    assert pasted.not_carried == ("--compressed was not carried over.",)


def test_curl_without_a_handshake_gets_one_and_says_so() -> None:
    pasted = paste(
        "$ curl -sSk -uann:secret -H'X-A: 1' -H 'sec-websocket-version: 8' https://h:8443/a | jq ."
    )
    assert pasted.draft.key() == PLACEHOLDER_KEY
    assert pasted.draft.version_values() == (b"8",)
    assert lines(pasted)[1:3] == [b"Host: h:8443", b"Upgrade: websocket"]
    assert b"Authorization: Basic YW5uOnNlY3JldA==" in lines(pasted)
    assert "The header lines of a WebSocket handshake were added." in pasted.done
    assert pasted.not_carried == ("What follows the command (| jq .) was not carried over.",)


def test_curl_dials_another_address() -> None:
    pasted = paste("curl --connect-to ::10.0.3.7:9000 --cacert ca.pem --connect-timeout 2.5 ws://h/")
    assert pasted.options.connect_to == ("10.0.3.7", 9000)
    assert (pasted.options.ca_file, pasted.options.connect_timeout) == ("ca.pem", 2.5)
    assert paste("curl --resolve h:80:[::1] ws://h/").options.connect_to == ("::1", 80)
    assert paste("curl --resolve h:81:1.2.3.4 ws://h/").options.connect_to is None


def test_curl_takes_headers_away_and_changes_the_method() -> None:
    pasted = paste("curl -X POST -0 -H 'Host:' -H 'X-Empty;' ws://h/x -d body")
    assert lines(pasted)[0] == b"POST /x HTTP/1.0"
    assert b"Host" not in pasted.draft.to_bytes()
    assert b"X-Empty: " in lines(pasted)
    assert pasted.not_carried == ("-d was not carried over.",)


def test_user_and_password_in_the_address() -> None:
    assert b"Authorization: Basic YTpi" in lines(paste("curl ws://a:b@h/"))


def test_what_has_no_place_here_is_named() -> None:
    pasted = paste("curl -m 5 -H 'Authorization: Bearer t' ws://a:b@h/")
    assert pasted.not_carried == (
        "-m was not carried over.",
        "The address's userinfo (user and password) was not carried over.",
    )
    assert paste("wscat -c ws://h/ -w 5").not_carried == ("-w was not carried over.",)


def test_websocat_takes_an_equals_sign_behind_a_short_option() -> None:
    assert b"A: b" in lines(paste("websocat -H='A: b' ws://h/"))
    assert b"A: =b" in lines(paste("websocat -H 'A: =b' ws://h/"))


def test_a_header_given_twice_stands_twice() -> None:
    pasted = paste("curl -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Version: 8' ws://h/")
    assert pasted.draft.version_values() == (b"13", b"8")


def test_wscat() -> None:
    pasted = paste("wscat -n -c wss://h/x -s chat -o http://o -H a:b -p 8 -x hello --proxy p:1")
    assert pasted.kind == "wscat"
    assert pasted.draft.version_values() == (b"8",)
    assert pasted.draft.offers().protocols == (b"chat",)
    assert lines(pasted)[-5:-2] == [b"Sec-WebSocket-Protocol: chat", b"Origin: http://o", b"a: b"]
    assert pasted.messages == (b"hello",)
    assert pasted.options.insecure
    assert pasted.not_carried == ("--proxy was not carried over.",)


def test_websocat() -> None:
    pasted = paste(
        "websocat -kE --ping-interval 20 --protocol chat -H 'X: y' - ws-c:tcp:127.0.0.1:8080 --ws-c-uri=ws://h/x"
    )
    assert pasted.kind == "websocat"
    assert pasted.address is not None
    assert pasted.address.url == "ws://h/x"
    assert pasted.options.connect_to == ("127.0.0.1", 8080)
    assert pasted.options.ping_every == 20
    assert pasted.options.insecure


def test_an_unknown_option_is_named() -> None:
    assert paste("websocat --frobnicate ws://h/").not_carried == ("--frobnicate was not carried over.",)


def test_a_raw_request_keeps_its_bytes() -> None:
    text = "GET /x HTTP/1.1\r\nhost:h:81\r\nOrigin: https://a\r\nX : é\r\n\r\n"
    pasted = paste(text)
    assert pasted.kind == "request"
    assert pasted.draft.to_bytes() == text.encode("latin-1")
    assert pasted.address is not None
    assert pasted.address.url == "wss://h:81/x"
    assert pasted.done == ("wss:// was assumed, as a request does not say it.",)


def test_a_raw_request_copied_with_line_feeds() -> None:
    pasted = paste("GET wss://h/x?y HTTP/1.1\nHost: h\nUpgrade: websocket\n")
    assert pasted.draft.to_bytes() == b"GET /x?y HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n\r\n"
    assert pasted.address is not None
    assert pasted.address.url == "wss://h/x?y"
    assert len(pasted.done) == 3


def test_browser_headers_without_a_request_line() -> None:
    pasted = paste("Host: h:9000\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Key: k\n")
    assert pasted.kind == "headers"
    assert pasted.draft.to_bytes().startswith(b"GET / HTTP/1.1\r\nHost: h:9000\r\nUpgrade: websocket\r\n")
    assert pasted.address is not None
    assert pasted.address.url == "ws://h:9000/"


def test_browser_headers_in_pairs_and_with_pseudo_headers() -> None:
    pairs = paste("host:\nlocalhost:8080\nupgrade:\nwebsocket\norigin:\nhttps://a\n")
    assert pairs.address is not None
    assert pairs.address.url == "wss://localhost:8080/"
    pseudo = paste(":authority: h\n:method: GET\n:path: /p?q\n:scheme: https\naccept: */*\n")
    assert pseudo.address is not None
    assert pseudo.address.url == "wss://h/p?q"
    assert b"accept: */*" in lines(pseudo)
    assert pseudo.draft.key() == PLACEHOLDER_KEY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ws://h/",
        "localhost:8080",
        "curl",
        "curl -v",
        "curl 'ws://h",
        "hello\nworld",
        "a: b\nc: d",
        "[::1]:80",
    ],
)
def test_what_is_none_of_these(text: str) -> None:
    assert read_paste(text) is None


def test_an_address_that_cannot_be_read() -> None:
    pasted = paste("curl ftp://h/")
    assert pasted.address is not None
    assert pasted.address.error


WORDS = st.sampled_from(
    ["curl", "wscat", "websocat", "-H", "-k", "-u", "--connect-to", "a:b:c:99999999999", "--resolve",
     "ws://h/", "'", "-", "--", "-c", "a: b", "\\", "\n", "$'\\u'", "GET / HTTP/1.1", "Host: [", ":path: x",
     "-p", "\x00", "@x"]
)  # fmt: skip


SPACED = st.lists(WORDS, max_size=12).map(" ".join)
STACKED = st.lists(WORDS, max_size=8).map("\n".join)


@given(st.one_of(st.text(max_size=60), SPACED, STACKED))
def test_any_text_is_read_or_not(text: str) -> None:
    pasted = read_paste(text)
    if pasted is not None:
        pasted.draft.to_bytes()
