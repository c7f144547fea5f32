"""Publishing goes on until a snapshot shows all that was committed, whenever the commit comes."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from wsinspector.conversation.telling import Telling
from wsinspector.conversation.timers import Timers


@pytest.mark.parametrize("commit_at", [1, 2, 3])
@pytest.mark.parametrize("before_it_is_read", [True, False])
def test_a_commit_while_a_snapshot_is_made_is_shown_by_the_next(
    commit_at: int, before_it_is_read: bool
) -> None:
    """The writer commits on its own thread: here just before or after the snapshot reads what is there."""
    shown: list[bool] = []
    due: list[Any] = []
    writer = SimpleNamespace(backlog=100)
    progress = SimpleNamespace(all_committed=False)

    def commit() -> None:
        progress.all_committed, writer.backlog = True, 0

    def publish() -> None:
        meant = len(shown) + 1 == commit_at
        if meant and before_it_is_read:
            commit()
        shown.append(progress.all_committed)
        if meant and not before_it_is_read:
            commit()

    progress.publish = publish

    class Due(dict[str, Any]):
        def set(self, name: str, _seconds: float, callback: Any) -> None:
            self[name] = callback
            due.append(callback)

    timers = Due()
    telling = Telling(
        cast("Any", None), cast("Any", progress), cast("Any", writer), cast("Any", None), cast(Timers, timers)
    )
    telling.publish_soon()
    while due:
        timers.clear()
        due.pop()()
        assert len(shown) < 10
    assert shown[-1] is True
