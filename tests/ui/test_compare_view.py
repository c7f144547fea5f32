"""Two attempts side by side: a correct model, and headings that count what differs."""

from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from wsinspector.present.comparing import compare_rows
from wsinspector.ui.inspect.compare_view import CompareModel, CompareView
from wsinspector.ui.inspect.role_label import RoleLabel

LEFT = b"GET / HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Version: 8\r\n\r\n"
RIGHT = b"GET / HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Version: 13\r\nOrigin: b\r\n\r\n"


def test_the_model_is_correct_also_while_it_changes(qtmodeltester: Any) -> None:
    model = CompareModel()
    qtmodeltester.check(model)
    model.show(compare_rows(LEFT, RIGHT), ("#1", "#2"))
    model.show((), ("", ""))


def test_both_sides_stand_beside_each_other(qtbot: QtBot) -> None:
    view = CompareView()
    qtbot.addWidget(view)
    view.resize(500, 600)
    view.show_both(compare_rows(LEFT, RIGHT), (), ("#1", "#2"))
    view.show()
    model = view.requests.compare_model
    sides = [(model.index(row, 0).data(), model.index(row, 1).data()) for row in range(model.rowCount())]
    assert sides == [
        ("GET / HTTP/1.1", "GET / HTTP/1.1"),
        ("Host: a", "Host: a"),
        ("Sec-WebSocket-Version: 8", "Sec-WebSocket-Version: 13"),
        ("", "Origin: b"),
    ]
    assert view.responses.isHidden()
    headings = [label.full_text() for label in view.findChildren(RoleLabel)]
    assert "Requests #1 | #2, 2 lines differ" in headings
    spoken = model.index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "value: left Sec-WebSocket-Version: 8, right Sec-WebSocket-Version: 13"


def test_rows_grow_where_the_width_is_small(qtbot: QtBot) -> None:
    view = CompareView()
    qtbot.addWidget(view)
    view.resize(900, 600)
    view.show_both(compare_rows(LEFT, RIGHT), (), ("#1", "#2"))
    view.show()
    wide = view.requests.height()
    view.resize(300, 600)
    assert view.requests.height() > wide
