import pytest
from rich.cells import cell_len

from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.table_model import Cell, Column, TableModel

from .support import HOSTILE, WidgetApp, obeyed, screen_text, until, until_shown

Row = tuple[str, int]


def columns(count: int = 30) -> tuple[Column[Row], ...]:
    def number(index: int) -> Column[Row]:
        return Column(f"c{index}", f"col{index}", 6, lambda row: Cell(str(row[1] + index)), lambda row: row[1] + index)

    name = Column[Row]("name", "name", 16, lambda row: Cell(row[0], "strong"), lambda row: row[0], searchable=True)
    return (name, *(number(index) for index in range(count)))


def table_app(rows: list[Row]) -> tuple[WidgetApp, VirtualTable[Row]]:
    holder: FilteredTable[Row] = FilteredTable(TableModel(columns(), lambda row: row[0]))
    holder.table.model.set_rows(rows)
    return WidgetApp(holder), holder.table


ROWS: list[Row] = [(f"row {number:04}", number * 37 % 1000) for number in range(1000)]


async def test_moving_keeps_the_cursor_on_the_screen() -> None:
    app, table = table_app(ROWS)
    async with app.run_test(size=(80, 20)) as pilot:
        table.focus()
        for key, row in [("j", 1), ("down", 2), ("k", 1), ("G", 999), ("g", 0), ("end", 999), ("home", 0)]:
            await pilot.press(key)
            assert table.cursor == row
            assert ROWS[row][0] in screen_text(app)
        await pilot.press("pagedown")
        assert table.cursor == table.page_rows()
        await pilot.press("ctrl+d", "ctrl+u", "pageup")
        assert table.cursor == 0


async def test_the_first_column_stays_when_the_column_cursor_leaves_the_screen() -> None:
    app, table = table_app(ROWS)
    async with app.run_test(size=(80, 20)) as pilot:
        table.focus()
        await pilot.press(*["l"] * 25)
        text = screen_text(app)
        assert table.current_column.id == "c24"
        assert "col24" in text and "row 0003" in text and "col0 " not in text
        await pilot.press(*["h"] * 25)
        assert "col0 " in screen_text(app)


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (300, 80), (19, 6)])
async def test_no_column_is_cut_wherever_the_cursor_goes_and_signs_tell_of_more(size: tuple[int, int]) -> None:
    app, table = table_app(ROWS)
    async with app.run_test(size=size) as pilot:
        table.focus()
        width = table.room()
        for index in [*range(1, 31), *range(30, -1, -1)]:
            table.column = index
            await pilot.pause()
            heading, *rows = (line[:width] for line in screen_text(app).splitlines()[:-1])
            titles = heading.rstrip("›").replace("‹", " ").split()
            first, last = titles[1] if len(titles) > 1 else "col0", titles[-1]
            assert ("‹" in heading) == (first not in ("col0", "…")), heading
            assert ("›" in heading) == (last != "col29"), heading
            if width > 30:
                assert "…" not in heading and titles[1:] == [
                    f"col{n}" for n in range(int(first[3:]), int(last[3:]) + 1)
                ]
                numbers = rows[0].split()[2:]
                assert numbers == [str(ROWS[0][1] + int(title[3:])) for title in titles[1:]]
                assert index == 0 or f"col{index - 1}" in titles


async def test_the_mouse_scrolls_by_whole_columns_and_finds_what_it_points_at() -> None:
    app, table = table_app(ROWS)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        table.scroll_to(x=33, animate=False, immediate=True)
        table.set_rows(ROWS[:])
        await pilot.press("j")
        heading = screen_text(app).splitlines()[0]
        assert heading.startswith("name            ‹col5   col6 "), heading
        await pilot.click(VirtualTable, offset=(heading.index("col7"), 3))
        assert table.current_column.id == "c7" and screen_text(app).splitlines()[0] == heading


async def test_columns_without_a_cursor_scroll_too() -> None:
    holder: FilteredTable[Row] = FilteredTable(TableModel(columns(), lambda row: row[0]), show_column_cursor=False)
    holder.table.model.set_rows(ROWS)
    app = WidgetApp(holder)
    async with app.run_test(size=(60, 20)) as pilot:
        holder.table.focus()
        seen = []
        for key in ("l", "l", "h", "h", "h"):
            await pilot.press(key)
            seen.append(screen_text(app).splitlines()[0].split()[1].lstrip("‹"))
        assert seen == ["col1", "col2", "col1", "col0", "col0"]


async def test_sorting_keeps_the_cursor_on_its_row_and_shows_the_mark() -> None:
    app, table = table_app(ROWS)
    async with app.run_test(size=(80, 20)) as pilot:
        table.focus()
        await pilot.press("j", "j", "l", "s")
        assert table.current == ROWS[2]
        assert "▲" in screen_text(app)
        values = [table.model.rows[index][1] for index in table.model.view]
        assert values == sorted(values)
        await pilot.press("h", "S")
        assert "▲1" in screen_text(app) and "▲2" in screen_text(app)


async def test_refreshed_rows_keep_cursor_and_scroll_position() -> None:
    app, table = table_app(ROWS)
    async with app.run_test(size=(80, 20)) as pilot:
        table.focus()
        await pilot.press("pagedown", "pagedown", "k", "k", "k")
        row, height = table.current, table.cursor - table.scroll_offset.y
        assert row is not None
        table.set_rows([("row -1", 5), ("row -2", 5), *ROWS])
        await pilot.pause()
        assert table.current == row
        assert table.cursor - table.scroll_offset.y == height


async def test_filter_line_filters_while_typing_and_escape_clears() -> None:
    app, table = table_app(ROWS)
    async with app.run_test(size=(80, 20)) as pilot:
        table.focus()
        await pilot.press("/", *"099")
        await until(pilot, lambda: len(table.model.view) == len([row for row in ROWS if "099" in row[0]]))
        await pilot.press("enter")
        assert table.has_focus and "099" in screen_text(app)
        await pilot.press("/", "escape")
        await until(pilot, lambda: len(table.model.view) == 1000)
        assert table.has_focus


async def test_a_filter_that_nothing_fits_says_so() -> None:
    app, table = table_app(ROWS)
    async with app.run_test(size=(80, 20)) as pilot:
        table.focus()
        await pilot.press("/", *"zzz")
        await until_shown(pilot, "esc clears the filter and shows all 1,000 rows again.")
        await pilot.press("ctrl+u", *"colour:zzz")
        await until_shown(pilot, "no column is called colour")
        await pilot.press("escape")
        await until(pilot, lambda: "No row fits" not in screen_text(app))


async def test_marking_one_and_all() -> None:
    app, table = table_app(ROWS[:5])
    async with app.run_test(size=(80, 20)) as pilot:
        table.focus()
        await pilot.press("space")
        assert table.model.marked == {"row 0000"} and table.cursor == 1
        assert "row 0000        *" in screen_text(app)
        await pilot.press("ctrl+a")
        assert len(table.model.marked) == 5
        await pilot.press("ctrl+a")
        assert not table.model.marked


async def test_mouse_moves_the_cursor_sorts_and_opens() -> None:
    app, table = table_app(ROWS)
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.click(VirtualTable, offset=(2, 3))
        assert table.cursor == 2
        await pilot.click(VirtualTable, offset=(18, 0))
        assert table.model.sorts[0].column == "c0"
        await pilot.double_click(VirtualTable, offset=(2, 4))
        await pilot.pause()
        assert app.opened == [table.current]


async def test_no_row_at_all() -> None:
    app, table = table_app([])
    async with app.run_test(size=(80, 20)) as pilot:
        table.focus()
        await pilot.press("j", "k", "G", "g", "pagedown", "enter", "space", "ctrl+a", "s", "l", "h")
        assert table.current is None


async def test_hostile_texts_are_printed_never_obeyed_and_never_shift_a_column() -> None:
    rows: list[Row] = [(text, number) for number, text in enumerate(HOSTILE)]
    app, table = table_app(rows)
    async with app.run_test(size=(60, 12)) as pilot:
        table.focus()
        for key in ("j", "l", "l", "s", "G"):
            await pilot.press(key)
            assert obeyed(screen_text(app)) == []
        strips = app.screen._compositor.render_strips()
        assert {sum(cell_len(segment.text) for segment in strip) for strip in strips} == {60}


async def test_resizing_at_any_time() -> None:
    app, table = table_app(ROWS)
    async with app.run_test(size=(80, 20)) as pilot:
        table.focus()
        await pilot.press("G", *["l"] * 20)
        for size in [(200, 50), (12, 4), (40, 12), (300, 80), (80, 24)]:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert ROWS[-1][0] in screen_text(app) or size[1] < 5


async def test_the_cursor_comes_back_to_its_row_and_height_after_a_filter_that_hid_it() -> None:
    app, table = table_app(ROWS)
    async with app.run_test(size=(80, 20)) as pilot:
        table.focus()
        await pilot.press("pagedown", "pagedown", "k", "k", "k")
        row, height = table.current, table.cursor - table.scroll_offset.y
        assert row is not None
        table.set_filter("099")
        assert table.current != row
        table.set_filter("")
        await pilot.pause()
        assert (table.current, table.cursor - table.scroll_offset.y) == (row, height)
        table.set_filter("099")
        await pilot.press("k")
        chosen = table.current
        table.set_filter("")
        assert table.current == chosen


async def test_columns_hide_pin_resize_and_move_by_key() -> None:
    app, table = table_app(ROWS)
    async with app.run_test(size=(80, 20)) as pilot:
        table.focus()
        await pilot.press("l", "minus")
        assert "col0 " not in screen_text(app) and table.current_column.id == "c1"
        await pilot.press("l", "P")
        assert [column.id for column in table.model.columns[:3]] == ["name", "c2", "c1"]
        await pilot.press(*["l"] * 28)
        text = screen_text(app)
        assert "col29" in text and "col2 " in text and "row 0000" in text and "col3 " not in text
        before = table.widths()[-1]
        await pilot.press("greater_than_sign", "greater_than_sign", "less_than_sign")
        assert table.widths()[-1] == before + 1
        await pilot.press("H")
        assert table.model.columns[-2].id == "c29" and table.current_column.id == "c29"
        await pilot.press("shift+right")
        assert table.model.columns[-1].id == "c29"


async def test_a_hidden_column_still_filters_and_sorts() -> None:
    app, table = table_app(ROWS)
    async with app.run_test(size=(80, 20)) as pilot:
        table.focus()
        await pilot.press("l", "s", "minus")
        assert [sort.column for sort in table.model.sorts] == ["c0"]
        table.set_filter("c0>=990")
        assert {row[1] for row in map(table.model.at, range(len(table.model.view))) if row} == set(range(990, 1000))


async def test_dragging_the_edge_of_a_heading_resizes_the_column() -> None:
    app, table = table_app(ROWS)
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.mouse_down(VirtualTable, offset=(16, 0))
        await pilot.hover(VirtualTable, offset=(20, 0))
        await pilot.mouse_up(VirtualTable, offset=(20, 0))
        await pilot.pause()
        assert table.widths()[0] == 20
        assert table.model.sorts == ()


async def test_many_rows_are_filtered_in_slices_and_only_the_last_line_counts() -> None:
    rows = [(f"row {number:06}", number * 37 % 1000) for number in range(120_000)]
    app, table = table_app(rows)
    async with app.run_test(size=(80, 20)) as pilot:
        for query in ("c1:9", "c1:99", "c2:5 c3:6", "c5:99"):
            table.set_filter(query)
        expected = {row[0] for row in rows if "99" in str(row[1] + 5)}
        await until(pilot, lambda: len(table.model.view) == len(expected))
        assert {table.model.rows[index][0] for index in table.model.view} == expected
