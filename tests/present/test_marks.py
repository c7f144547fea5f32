"""Marks by number and in order."""

from hypothesis import given
from hypothesis import strategies as st

from wsinspector.present.marks import MOST_NAME, Mark, Marks, one_line


def test_set_change_take_off_and_put_back() -> None:
    marks = Marks([(7, Mark("seven")), (3, Mark("", "why"))])
    assert list(marks.numbers) == [3, 7]
    marks.set(5, Mark("five"))
    marks.set(7, Mark("again"))
    assert list(marks.numbers) == [3, 5, 7]
    assert marks.get(7) == Mark("again")
    assert marks.remove(3)
    assert not marks.remove(3)
    assert 3 not in marks
    assert marks.removed(3) == Mark("", "why")
    marks.set(3, marks.removed(3))
    assert marks.removed(3) == Mark()
    assert len(marks) == 3


def test_a_name_is_one_line() -> None:
    assert one_line("  a\nb\tc ") == "a b c"
    assert len(one_line("x" * 500)) == MOST_NAME


@given(st.sets(st.integers(1, 40)), st.lists(st.integers(1, 40), unique=True).map(sorted), st.integers(0, 41))
def test_like_a_plain_search(marked: set[int], members: list[int], number: int) -> None:
    marks = Marks((one, Mark()) for one in marked)
    assert marks.after(number) == min((one for one in marked if one > number), default=None)
    assert marks.before(number) == max((one for one in marked if one < number), default=None)
    at_or_before = max((one for one in marked if one <= number), default=min(marked, default=None))
    assert marks.at_or_before(number) == at_or_before
    assert marks.among(members) == next((one for one in members if one in marked), None)
