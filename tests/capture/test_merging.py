"""Which rows are put together: runs of small ones, never a large one written again."""

from wsinspector.capture.merging import ROWS_AT_ONCE, Tail


def fill(tail: Tail, first_row: int, start: int, lengths: list[int]) -> int:
    for row, length in enumerate(lengths, first_row):
        tail.add(row, start, length)
        start += length
    return start


def test_many_small_rows_become_ready_together() -> None:
    tail = Tail(small=1000)
    fill(tail, 1, 0, [1] * (ROWS_AT_ONCE - 1))
    assert tail.ready == []
    tail.add(ROWS_AT_ONCE, ROWS_AT_ONCE - 1, 1)
    assert tail.ready == [list(range(1, ROWS_AT_ONCE + 1))]


def test_a_merged_row_goes_on_growing_while_it_is_small() -> None:
    tail = Tail(small=1000)
    end = fill(tail, 1, 0, [1] * ROWS_AT_ONCE)
    tail.merged([99])
    fill(tail, 100, end, [1] * (ROWS_AT_ONCE - 1))
    assert tail.ready == [[99, *range(100, 100 + ROWS_AT_ONCE - 1)]]


def test_enough_together_is_merged_and_left() -> None:
    tail = Tail(small=100)
    end = fill(tail, 1, 0, [40, 40, 40])
    assert tail.ready == [[1, 2, 3]]
    tail.merged([4])
    fill(tail, 5, end, [1])
    assert tail.rows == [5]


def test_a_large_row_ends_a_run_and_is_not_part_of_it() -> None:
    tail = Tail(small=100)
    fill(tail, 1, 0, [10, 10, 5000, 10])
    assert tail.ready == [[1, 2]]
    assert tail.rows == [4]


def test_a_gap_ends_a_run() -> None:
    tail = Tail(small=100)
    tail.add(1, 0, 10)
    tail.add(2, 10, 10)
    tail.add(3, 30, 10)
    assert tail.ready == [[1, 2]]
    assert tail.rows == [3]


def test_one_row_alone_is_left() -> None:
    tail = Tail(small=100)
    tail.add(1, 0, 10)
    tail.end()
    assert tail.ready == []
