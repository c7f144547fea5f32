"""A refusal at the lab: what the window says of it, and what retrying writes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.conversation.conftest import Peers
from tests.conversation.test_doubt import ignoring_the_draft
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.options import Options
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.lab.server import Lab
from wsinspector.present.answer import Action
from wsinspector.present.nextsteps import NextStep, next_steps
from wsinspector.protocol.dialects import spoken_for
from wsinspector.protocol.draft import DraftLine
from wsinspector.ui import theme
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.settings import Settings

PATIENCE_MS = 10_000


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication, tmp_path: Path, engine: Engine) -> Iterator[InspectPage]:
    theme.apply(qapp)
    tab = TabState(Conversation(engine))
    made = InspectPage(tab, Settings(tmp_path / "window.ini"))
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    yield made
    tab.conversation.disconnect()
    tab.stop()
    made.stop()
    tab.conversation.close()
    tab.deleteLater()


def settled(qtbot: QtBot, page: InspectPage, number: int) -> AttemptSnapshot:
    """Attempt ``number`` once it opened or ended, and the page shows it."""

    def there() -> None:
        snapshot = page.tab.snapshot_of(number)
        assert snapshot is not None
        assert snapshot.open or not snapshot.live

    qtbot.waitUntil(there, timeout=PATIENCE_MS)
    found = page.tab.snapshot_of(number)
    assert found is not None
    page.answer.look()
    page.refusal.show_attempt(found)
    return found


def retry(page: InspectPage) -> None:
    action = page.answer.line.primary
    assert action is not None
    assert action.key == "retry"
    page.act(action)


def test_a_value_is_retried_as_a_value_and_the_attempts_tell_what_it_did(
    qtbot: QtBot, page: InspectPage, lab: Lab
) -> None:
    tab = page.tab
    tab.set_address(lab.url_of("/426-list", "plain"))
    tab.edit(tab.draft.with_version_values((b"14",)))
    before = tab.draft
    tab.connect_now()
    settled(qtbot, page, 1)
    assert page.answer.line.text == "You sent version 14; the answer offers 8, 7."
    assert page.refusal.lost.isHidden()
    retry(page)
    opened = settled(qtbot, page, 2)
    assert opened.open
    assert [line.name for line in tab.draft.lines] == [line.name for line in before.lines]
    assert tab.draft.version_values() == (b"8",)
    tab.compare(1, 2)
    assert page.handshake.compare.told.full_text() == "Version 14 → 8 goes with 426 → 101."


def test_a_dialect_is_retried_as_the_dialect_of_that_version(
    qtbot: QtBot, page: InspectPage, lab: Lab
) -> None:
    tab = page.tab
    tab.set_address(lab.url_of("/426-list", "plain"))
    tab.write_in("hixie-76")
    tab.connect_now()
    refused = settled(qtbot, page, 1)
    assert refused.dialect == "hixie-76"
    retry(page)
    opened = settled(qtbot, page, 2)
    assert opened.open
    assert (opened.agreed.dialect, spoken_for(opened.request)) == ("hybi-11", "hybi-11")
    assert b"Sec-WebSocket-Key1" not in opened.request
    assert tab.conversation.options.speak == ""
    tab.compare(1, 2)
    assert page.handshake.compare.told.full_text().startswith("More than one thing differs: version none → 8")


def test_a_dialect_that_was_only_set_apart_follows_the_version(
    qtbot: QtBot, page: InspectPage, lab: Lab
) -> None:
    tab = page.tab
    tab.set_address(lab.url_of("/426-list", "plain"))
    tab.set_options(Options(speak="rfc6455"))
    tab.edit(tab.draft.with_version_values((b"25",)))
    tab.connect_now()
    settled(qtbot, page, 1)
    page.act(Action("retry", "", "8"))
    opened = settled(qtbot, page, 2)
    assert (opened.agreed.dialect, tab.conversation.options.speak) == ("hybi-11", "")


def test_a_list_that_lies_is_told_from_the_attempts(qtbot: QtBot, page: InspectPage, lab: Lab) -> None:
    tab = page.tab
    tab.set_address(lab.url_of("/claims-13-takes-8", "plain"))
    for number, value in ((1, b"14"), (2, b"8")):
        tab.edit(tab.draft.with_version_values((value,)))
        tab.connect_now()
        settled(qtbot, page, number)
    tab.pick(2)
    told = "The list of #1 is not whole: it names 13, and 8 was taken here."
    qtbot.waitUntil(
        lambda: any(told in line.accessibleName() for line in page.handshake.verdict.lines()),
        timeout=PATIENCE_MS,
    )


def test_a_page_of_a_proxy_leads_past_it_and_to_the_setting(
    qtbot: QtBot, page: InspectPage, lab: Lab
) -> None:
    tab = page.tab
    tab.set_address(lab.url_of("/400-html", "plain"))
    tab.connect_now()
    settled(qtbot, page, 1)
    assert not page.refusal.lost.isHidden()
    assert page.refusal.lost.sentence.full_text() == "Probably at a proxy or web server in front."
    steps = next_steps(page.tab.snapshot_of(1) or pytest.fail("gone"), Options(), 1)
    page.refusal.take(next(step for step in steps if step.kind == "direct"))
    assert page.drawer.isVisible()
    assert page.window().focusWidget() is page.drawer.network.dialled.edit


def test_it_is_sent_again_without_the_origin(qtbot: QtBot, page: InspectPage, lab: Lab) -> None:
    tab = page.tab
    tab.set_address(lab.url_of("/echo", "plain"))
    tab.edit(tab.draft.insert(1, DraftLine(b"Origin", b"https://a.example")))
    page.refusal.take(NextStep("without", "", "", "Origin"))
    sent = settled(qtbot, page, 1)
    assert b"Origin" not in sent.request
    assert [line.enabled for line in tab.draft.lines if line.is_named(b"Origin")] == [False]


def test_what_the_server_speaks_instead_is_spoken_with_one_press(qtbot: QtBot, page: InspectPage) -> None:
    peers = Peers()
    try:
        tab = page.tab
        tab.set_address(f"ws://127.0.0.1:{peers.listen(ignoring_the_draft)}/")
        tab.write_in("hybi-02")
        tab.connect_now()

        def offered() -> None:
            page.answer.look()
            assert "Reconnect speaking hixie-76" in [one.text for one in page.answer.line.quiet]

        qtbot.waitUntil(offered, timeout=PATIENCE_MS)
        page.act(next(one for one in page.answer.line.quiet if one.key == "speak"))
        found = settled(qtbot, page, 2)
        assert found.agreed.dialect == "hixie-76"
        assert b"Sec-WebSocket-Draft: 2" in found.request
        assert found.fit is None
        qtbot.waitUntil(lambda: tab.snapshot_of(2).frames_in > 0, timeout=PATIENCE_MS)  # type: ignore[union-attr]
        assert "speak" not in [one.key for one in page.answer.line.quiet]
        for attempt in tab.conversation.attempts:
            tab.conversation.disconnect(attempt)
    finally:
        peers.close()
