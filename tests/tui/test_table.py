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
        await until_shown(pilot, "no row fits the filter · esc clears it")
        await pilot.press("ctrl+u", *"colour:zzz")
        await until_shown(pilot, "no row fits the filter: no one column is called colour")
        await pilot.press("escape")
        await until(pilot, lambda: "no row fits" not in screen_text(app))


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
