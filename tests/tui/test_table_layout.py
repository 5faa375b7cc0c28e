from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.tui.widgets.table_column import Cell, Column
from mlx_tui.tui.widgets.table_geometry import column_at, column_widths, edge_at, pins_that_fit, scroll_to_column
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


@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=12),
    st.integers(1, 5),
    st.integers(1, 90),
    st.integers(0, 60),
    st.data(),
)
def test_what_is_scrolled_to_is_found_where_it_is_seen(
    widths: list[int], pinned: int, room: int, left: int, data: st.DataObject
) -> None:
    sized = column_widths([column(str(number), width) for number, width in enumerate(widths)], room)
    pins = pins_that_fit(sized, min(pinned, len(sized)), room)
    index = data.draw(st.integers(0, len(sized) - 1))
    scroll = scroll_to_column(sized, pins, index, left, room)
    start = sum(sized[:index]) + index - (scroll if index >= pins else 0)
    first_free = sum(sized[:pins]) + pins
    if index >= pins and first_free < room:
        assert first_free <= start < room
        assert column_at(sized, pins, start, scroll) == index
        edge = start + sized[index]
        if edge < room:
            assert edge_at(sized, pins, edge, scroll) == index
