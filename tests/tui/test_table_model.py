import gc

from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.tui.widgets.table_model import Cell, Column, Sort, TableModel

Row = tuple[int, str, float | None]
COLUMNS = (
    Column[Row]("text", "text", 8, lambda row: Cell(row[1]), lambda row: row[1], searchable=True),
    Column[Row]("number", "number", 8, lambda row: Cell(str(row[2])), lambda row: row[2], descending=True),
)


def model(rows: list[Row]) -> TableModel[Row]:
    made: TableModel[Row] = TableModel(COLUMNS, lambda row: str(row[0]))
    made.set_rows(rows)
    return made


def sort(table: TableModel[Row], name: str, *, also: bool = False) -> None:
    column = table.column(name)
    assert column is not None
    table.set_sorts(table.sorts_by(column, also=also))


def shown(table: TableModel[Row]) -> list[int]:
    return [table.rows[index][0] for index in table.view]


def test_sorting_thrice_comes_back_to_the_order_of_the_rows() -> None:
    table = model([(0, "b", 1), (1, "a", 2)])
    sort(table, "text")
    assert shown(table) == [1, 0]
    sort(table, "text")
    assert shown(table) == [0, 1] and table.sorts == (Sort("text", True),)
    sort(table, "text")
    assert table.sorts == () and shown(table) == [0, 1]


def test_a_column_of_numbers_sorts_the_largest_first_and_what_is_missing_last() -> None:
    table = model([(0, "a", None), (1, "a", 1), (2, "a", 5)])
    sort(table, "number")
    assert shown(table) == [2, 1, 0]
    sort(table, "number")
    assert shown(table) == [1, 2, 0]


def test_several_keys() -> None:
    table = model([(0, "b", 1), (1, "a", 1), (2, "a", 9)])
    sort(table, "text")
    sort(table, "number", also=True)
    assert shown(table) == [2, 1, 0]


def test_marks_survive_new_rows_and_go_with_their_row() -> None:
    table = model([(0, "a", 1), (1, "b", 2)])
    table.marked = {"0", "1"}
    table.set_rows([(1, "b", 3)])
    assert table.marked == {"1"}
    assert table.marked_rows() == [(1, "b", 3)]


rows_of = st.lists(st.tuples(st.integers(), st.text(max_size=3), st.none() | st.floats(allow_nan=False)), max_size=30)


@given(rows_of)
def test_a_sort_is_stable_and_loses_no_row(rows: list[Row]) -> None:
    table = model([(position, text, number) for position, (_, text, number) in enumerate(rows)])
    sort(table, "number")
    expected = sorted(
        table.rows, key=lambda row: (row[2] is None, -(row[2] if row[2] is not None else 0)), reverse=False
    )
    assert shown(table) == [row[0] for row in expected]


def test_the_search_for_garbage_passes_over_what_is_kept_of_the_rows() -> None:
    table = model([(number, f"a{number}", number) for number in range(50)])
    table.set_sorts([Sort("number", True)])
    table.set_filter("a")
    gc.collect()
    values = table._values
    kept = [table.view, table._order, *values._keys.values(), *(stage.view for stage in table._filter.stages)]
    assert values._haystack is not None
    assert table.view and not any(map(gc.is_tracked, [*kept, values._haystack[1]]))
