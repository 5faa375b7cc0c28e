from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.tui.widgets.table_column import Cell, Column
from mlx_tui.tui.widgets.table_geometry import Window, column_widths, scroll_to_column, window
from mlx_tui.tui.widgets.table_layout import NARROWEST, Layout


def column(name: str, width: int = 4, *, hidden: bool = False) -> Column[str]:
    return Column(name, name, width, Cell, lambda row: row, hidden=hidden)


COLUMNS = (column("a"), column("b"), column("c", hidden=True), column("d"), column("e"))


def shown(layout: Layout, columns: tuple[Column[str], ...] = COLUMNS) -> str:
    return "".join(each.id for each in layout.arranged(columns)[0])


def test_hidden_columns_are_shown_on_demand_and_the_others_hidden() -> None:
    assert shown(Layout()) == "abde"
    layout = Layout().with_shown(COLUMNS[2], True).with_shown(COLUMNS[1], False)
    assert shown(layout) == "acde"
    assert layout.with_shown(COLUMNS[2], False).with_shown(COLUMNS[1], True) == Layout()


def test_pinned_columns_come_first_and_one_always_does() -> None:
    assert Layout().arranged(COLUMNS)[1] == 1
    layout = Layout().with_pinned(COLUMNS[3], COLUMNS, True)
    assert (shown(layout), layout.arranged(COLUMNS)[1]) == ("adbe", 2)
    other = layout.with_pinned(COLUMNS[0], COLUMNS, False)
    assert (shown(other), other.arranged(COLUMNS)[1]) == ("dabe", 1)


def test_a_column_moves_past_hidden_ones_and_stays_on_its_side_of_the_pins() -> None:
    layout = Layout().with_moved(COLUMNS[3], COLUMNS, -1)
    assert shown(layout) == "adbe"
    assert shown(layout.with_moved(COLUMNS[3], COLUMNS, -1)) == "adbe", "the pinned column stays before it"
    assert shown(Layout().with_moved(COLUMNS[1], COLUMNS, 1)) == "adbe"
    assert Layout().with_moved(COLUMNS[4], COLUMNS, 1) == Layout()


def test_a_width_has_limits_and_the_last_one_counts() -> None:
    layout = Layout().with_width(COLUMNS[1], 9).with_width(COLUMNS[1], -3)
    assert layout.arranged(COLUMNS)[0][1].width == NARROWEST


def test_a_new_column_appears_where_the_table_puts_it() -> None:
    layout = Layout(order=("e", "d", "b", "a"))
    grown = (*COLUMNS[:4], column("x"), COLUMNS[4])
    assert [each.id for each in layout.ordered(grown)] == ["e", "d", "x", "b", "c", "a"]


names = st.sampled_from("abcdexyz")
layouts = st.builds(
    Layout,
    order=st.lists(names, unique=True).map(tuple),
    shown=st.frozensets(names),
    hidden=st.frozensets(names),
    pinned=st.none() | st.lists(names, unique=True).map(tuple),
)


@given(layouts, st.sampled_from(COLUMNS), st.integers(-3, 3))
def test_whatever_was_chosen_every_column_is_there_once(layout: Layout, moved: Column[str], steps: int) -> None:
    for each in (layout, layout.with_moved(moved, COLUMNS, steps)):
        assert sorted(known.id for known in each.ordered(COLUMNS)) == list("abcde")
        seen, pinned = each.arranged(COLUMNS)
        assert seen and 1 <= pinned <= len(seen)
        assert len({known.id for known in seen}) == len(seen)


def seen(columns: list[Column[str]], pinned: int, left: int, room: int) -> list[tuple[str, int]]:
    shown = window(columns, pinned, left, room).shown
    return [(columns[each.index].id, each.width) for each in shown]


def test_columns_scroll_as_a_whole_and_one_that_does_not_fit_is_left_out_or_shortened() -> None:
    columns = [column("a", 10), column("b", 5), column("c", 8), column("d", 6)]
    assert seen(columns, 1, 0, 24) == [("a", 10), ("b", 5)]
    assert seen(columns, 1, 0, 25) == [("a", 10), ("b", 5)], "a cell stays for the sign"
    assert seen(columns, 1, 0, 32) == [("a", 10), ("b", 5), ("c", 8), ("d", 6)]
    assert seen(columns, 1, 1, 26) == [("a", 10), ("c", 8), ("d", 6)], "b is scrolled away, not cut"
    columns[2] = Column("c", "c", 8, Cell, lambda row: row, least=4)
    assert seen(columns, 1, 0, 24) == [("a", 10), ("b", 5), ("c", 6)]
    assert seen(columns, 1, 0, 21) == [("a", 10), ("b", 5)]
    assert seen(columns, 1, 6, 16) == [("a", 10), ("c", 4)], "the first one is always there"
    assert seen(columns, 1, 0, 8) == [("a", 7)]


def test_what_is_left_goes_to_a_column_that_takes_it() -> None:
    columns = [column("a", 10), column("b", 20), column("why", 0)]
    assert seen(columns, 1, 0, 43) == [("a", 10), ("b", 20)]
    assert seen(columns, 1, 21, 40) == [("a", 10), ("why", 29)]
    assert seen(columns, 1, 0, 60) == [("a", 10), ("b", 20), ("why", 28)]


def signs(shown: Window) -> tuple[bool, bool]:
    return shown.more_left, shown.more_right


def test_it_is_told_on_which_side_there_are_more() -> None:
    columns = [column("a", 10), column("b", 10), column("c", 10), column("d", 10)]
    assert signs(window(columns, 1, 0, 43)) == (False, False)
    assert signs(window(columns, 1, 0, 42)) == (False, True)
    assert signs(window(columns, 1, 11, 23)) == (True, True)
    assert signs(window(columns, 1, 22, 23)) == (True, False)
    assert signs(window(columns, 1, 0, 8)) == (False, True)


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=12),
    st.integers(1, 5),
    st.integers(1, 90),
    st.integers(0, 60),
    st.data(),
)
def test_what_is_scrolled_to_is_seen_whole_and_found_where_it_is_seen(
    sizes: list[tuple[int, int]], pinned: int, room: int, left: int, data: st.DataObject
) -> None:
    columns = [
        Column[str](str(number), str(number), width, Cell, lambda row: row, least=min(width, least))
        for number, (width, least) in enumerate(sizes)
    ]
    pinned = min(pinned, len(columns))
    index = data.draw(st.integers(0, len(columns) - 1))
    scroll = scroll_to_column(columns, pinned, index, left, room)
    shown = window(columns, pinned, scroll, room)
    ends = [each.end for each in shown.shown]
    assert ends == sorted(ends) and all(each.width > 0 for each in shown.shown)
    assert ends[-1] <= room - shown.more_right or room == 1
    assert all(behind.start == before.end + 1 for before, behind in zip(shown.shown, shown.shown[1:], strict=False))
    widths = column_widths(columns, room)
    whole = [each for each in shown.shown if each.width >= widths[each.index]]
    assert len(whole) >= len(shown.shown) - 1, "only one may be shortened"
    for each in shown.shown:
        assert shown.column_at(each.start) == shown.column_at(each.end - 1) == each.index
        assert shown.edge_at(each.end) == each.index
    there = next((each for each in shown.shown if each.index == index), None)
    free = room - shown.shown[shown.pinned - 1].end - 1
    if index >= shown.pinned and free >= 2:
        assert there is not None
        assert there.width >= min(widths[index], free - 1)
