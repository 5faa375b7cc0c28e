"""Measures the table at 100,000 rows and 50 columns, beside Textual's DataTable.

Run by hand: python tests/benchmarks/table.py [ROWS]
"""

import asyncio
import sys
import time
from collections.abc import Callable

from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import DataTable

from mlx_tui.tui.theme import ThemedApp
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.table_model import Cell, Column, TableModel

Row = tuple[str, int]
ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
FEATURES = 48


def columns() -> tuple[Column[Row], ...]:
    def feature(number: int) -> Column[Row]:
        return Column(
            f"f{number}",
            f"feature {number}",
            6,
            lambda row: Cell(str((row[1] + number) % 7), "good"),
            lambda row: (row[1] + number) % 7,
        )

    return (
        Column("repo", "repository", 30, lambda row: Cell(row[0]), lambda row: row[0], searchable=True),
        Column("outcome", "outcome", 10, lambda row: Cell("failed"), lambda row: "failed", searchable=True),
        *(feature(number) for number in range(FEATURES)),
    )


def rows() -> list[Row]:
    return [(f"owner{i * 7919 % 9973}/repository-{i}", i * 7919 % 100_003) for i in range(ROWS)]


class TableApp(ThemedApp):
    def compose(self) -> ComposeResult:
        yield FilteredTable(TableModel(columns(), lambda row: row[0]))


class DataTableApp(App[None]):
    def compose(self) -> ComposeResult:
        yield DataTable()


def measured(work: Callable[[], object]) -> float:
    """Milliseconds."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def timed(label: str, work: Callable[[], object]) -> None:
    print(f"{label:<54} {measured(work):10.1f} ms")


def paint(app: App[None]) -> None:
    """Renders the whole screen as the compositor does."""
    app.screen._compositor.render_strips()


async def ours(data: list[Row]) -> None:
    app = TableApp()
    async with app.run_test(size=(200, 50)) as pilot:
        table = app.query_one(FilteredTable).table
        timed("open (rows set and first screen painted)", lambda: (table.set_rows(data), paint(app)))
        await app.workers.wait_for_complete()
        await pilot.pause()
        table.column = 0
        timed("sort by name, keys not known before", table.action_sort)
        timed("sort by name, other way", table.action_sort)
        table.column = 5
        timed("sort by a number", table.action_sort)
        for query in ("repository-99 !owner12", "f3>4 f4:5 9"):
            typed = [query[: length + 1] for length in range(len(query))]
            slowest = max(measured(lambda text=text: (table.set_filter(text), paint(app))) for text in typed)
            print(f"{'filter, slowest keystroke of `' + query + '`':<54} {slowest:10.1f} ms")
        table.set_filter("")
        await pilot.pause()
        for _ in range(3):
            timed("page down", lambda: (table.action_page_down(), paint(app)))
        timed("to the last row", lambda: (table.action_last(), paint(app)))


async def theirs(data: list[Row]) -> None:
    app = DataTableApp()
    shown = columns()
    async with app.run_test(size=(200, 50)):
        table = app.query_one(DataTable)
        for column in shown:
            table.add_column(column.title, key=column.id)

        def fill() -> None:
            for row in data:
                table.add_row(*(Content(column.cell(row).text) for column in shown))

        timed("DataTable: open", fill)
        timed("DataTable: sort by name", lambda: table.sort("repo", key=lambda cell: cell.plain))


if __name__ == "__main__":
    many = rows()
    asyncio.run(ours(many))
    asyncio.run(theirs(many[: max(1, ROWS // 10)]))
    print(f"(DataTable was given a tenth of the rows: {ROWS // 10:,})")
