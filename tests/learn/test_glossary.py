"""Every word has a text, a source and words to see; every word that a text refers to is there."""

import pytest

from tests.learn.test_handshake import ANSWER, CHUNKED, OLD, REQUEST, answered
from wsinspector.learn.glossary import TERMS, find_terms, term_called, terms
from wsinspector.learn.handshake import request_pieces
from wsinspector.learn.headers import HEADERS
from wsinspector.learn.pieces import leaves

WANTED = (
    "handshake", "upgrade", "frame", "message", "opcode", "fin", "masking-key", "control-frame", "close-code",
    "subprotocol", "extension", "permessage-deflate", "ping", "round-trip", "dialect", "draft", "hixie",
    "hybi", "version-value", "anomaly", "finding", "attempt", "conversation", "capture", "policy",
    "tolerant", "sni", "alpn", "origin",
)  # fmt: skip


def test_the_words_that_must_be_there() -> None:
    assert set(WANTED) <= {term.key for term in TERMS}
    assert len({term.key for term in TERMS}) == len({term.name for term in TERMS}) == len(TERMS)


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.key)
def test_a_word(term: object) -> None:
    assert term in TERMS
    each = next(one for one in TERMS if one is term)
    assert each.text.endswith(".")
    assert each.source
    assert each.see
    assert each.key not in each.see
    assert all(term_called(key) is not None for key in each.see)


def test_what_texts_refer_to() -> None:
    pieces = (*request_pieces(REQUEST, "rfc6455"), *request_pieces(OLD, "hixie-76"))
    every = leaves((*pieces, *answered(ANSWER), *answered(CHUNKED)))
    used = {key for each in every for key in each.said.terms}
    used |= {key for header in HEADERS for key in header.said.terms}
    assert used
    assert all(term_called(key) is not None for key in used)


def test_finding_a_word() -> None:
    assert find_terms("Masking  KEY")[0].key == "masking-key"
    assert find_terms("fin")[0].key == "fin"
    assert {term.key for term in find_terms("1006")} == {"close-code"}
    assert find_terms("") == terms()
    assert find_terms("no such word") == ()
