"""Measures the table at 100,000 rows and 50 columns, beside Textual's DataTable and textual-fastdatatable.

Run by hand: python tests/benchmarks/table.py [ROWS]
"""

import asyncio
import statistics
import sys
import time
from collections.abc import Callable

from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import DataTable

from mlx_tui.execution.garbage import settle
from mlx_tui.tui.theme import ThemedApp
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.table import SLICE_SECONDS, VirtualTable
from mlx_tui.tui.widgets.table_model import Cell, Column, TableModel

Row = tuple[str, int]
ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
FEATURES = 48
BARS = {"open": 200, "sort by name": 200, "sort by a number": 200, "filter": 50, "page down": 10}
PAGES = 60
"""So many that Python searches its whole memory for garbage meanwhile, which the slowest of a few may miss."""


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


def measured_twice(work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds by the clock, and of a processor: the latter leave out what other programs take."""
    started = time.process_time()
    by_clock = measured(work)
    return by_clock, (time.process_time() - started) * 1000


def paint(app: App[None]) -> None:
    """Renders the whole screen as the compositor does."""
    app.screen._compositor.render_strips()


def typing(table: VirtualTable[Row], query: str, app: App[None]) -> tuple[float, float]:
    """Types a filter line letter by letter.

    Returns:
        Of the slowest letter: how long the interface did nothing else at a stretch, and until all rows were filtered.
    """
    longest = slowest = 0.0
    for length in range(len(query)):
        work = table.model.filtering(query[: length + 1])
        total = stretch = 0.0
        while True:
            started = time.perf_counter()
            try:
                next(work)
            except StopIteration:
                break
            finally:
                spent = (time.perf_counter() - started) * 1000
                total += spent
                stretch = spent if stretch + spent > SLICE_SECONDS * 1000 else stretch + spent
                longest = max(longest, stretch)
        longest = max(longest, measured(lambda: paint(app)))
        slowest = max(slowest, total)
    return longest, slowest


async def ours(data: list[Row]) -> dict[str, float]:
    app = TableApp()
    times: dict[str, float] = {}
    async with app.run_test(size=(200, 50)) as pilot:
        table = app.query_one(FilteredTable).table
        times["open"] = measured(lambda: (table.set_rows(data), paint(app)))
        settle()  # as the program does once it has read a study
        await pilot.pause()
        table.column = 0
        times["sort by name"] = measured(lambda: (table.action_sort(), paint(app)))
        table.column = 5
        times["sort by a number"] = measured(lambda: (table.action_sort(), paint(app)))
        for query in ("repository-99 !owner12", "f3>4 f4:5 9"):
            longest, slowest = typing(table, query, app)
            times[f"filter `{query}`: longest stretch"] = longest
            times[f"filter `{query}`: slowest letter, all rows"] = slowest
        table.set_filter("")
        await pilot.pause()
        pages = [measured_twice(lambda: (table.action_page_down(), paint(app))) for _ in range(PAGES)]
        times[f"page down, slowest of {PAGES}"] = max(by_clock for by_clock, _ in pages)
        times[f"page down, slowest of {PAGES}, processor time"] = max(by_processor for _, by_processor in pages)
        times["page down, median"] = statistics.median(by_clock for by_clock, _ in pages)
    return times


async def textual_table(data: list[Row]) -> dict[str, float]:
    app = DataTableApp()
    shown = columns()
    times: dict[str, float] = {}
    async with app.run_test(size=(200, 50)) as pilot:
        table = app.query_one(DataTable)
        for column in shown:
            table.add_column(column.title, key=column.id)

        def fill() -> None:
            for row in data:
                table.add_row(*(Content(column.cell(row).text) for column in shown))

        times["open"] = measured(lambda: (fill(), paint(app)))
        await pilot.pause()
        times["sort by name"] = measured(lambda: (table.sort("repo", key=lambda cell: cell.plain), paint(app)))
        times["page down, median"] = statistics.median(
            measured(lambda: (table.action_page_down(), paint(app))) for _ in range(9)
        )
    return times


async def fast_table(data: list[Row]) -> dict[str, float] | None:
    """textual-fastdatatable, where it is installed; it takes its data as columns."""
    try:
        from textual_fastdatatable import DataTable as FastTable
        from textual_fastdatatable.backend import ArrowBackend
    except ImportError:
        return None
    shown = columns()
    given = {column.title: [column.cell(row).text for row in data] for column in shown}

    class FastApp(App[None]):
        def compose(self) -> ComposeResult:
            yield FastTable(backend=ArrowBackend.from_pydict(given))

    started = time.perf_counter()
    app = FastApp()
    times: dict[str, float] = {}
    async with app.run_test(size=(200, 50)) as pilot:
        await pilot.pause()
        paint(app)
        times["open"] = (time.perf_counter() - started) * 1000
        table = app.query_one(FastTable)
        times["sort by name"] = measured(lambda: (table.sort([("repository", "ascending")]), paint(app)))
        before = seen(app)
        pages = [measured(lambda: (table.action_page_down(), paint(app))) for _ in range(9)]
        if seen(app) != before:  # else it scrolls later, and the time would say nothing
            times["page down, median"] = statistics.median(pages)
    return times


def seen(app: App[None]) -> list[str]:
    """The screen's text."""
    return ["".join(part.text for part in strip) for strip in app.screen._compositor.render_strips()]


def main() -> None:
    many = rows()
    few = max(1, ROWS // 10)
    mine = asyncio.run(ours(many))
    theirs = asyncio.run(textual_table(many[:few]))
    fast = asyncio.run(fast_table(many))
    if fast is None:
        print("textual-fastdatatable isn't installed: pip install textual-fastdatatable")
    print(f"{ROWS:,} rows, {FEATURES + 2} columns, milliseconds; Textual's DataTable was given {few:,} rows")
    print(f"{'':<58} {'here':>8} {'bar':>7}  {'DataTable':>16}  {'fastdatatable':>16}")
    for what, taken in mine.items():
        bar = BARS.get(what.partition(" `")[0] if "longest" in what else what.partition(", ")[0])
        said = "" if bar is None else f"{bar:5.0f} {'✓' if taken < bar else '✗'}"
        print(f"{what:<58} {taken:8.1f} {said:>7}  {beside(theirs, what, taken)}  {beside(fast or {}, what, taken)}")


def beside(times: dict[str, float], what: str, taken: float) -> str:
    """Another table's time, and how many times ours that is."""
    if what not in times:
        return f"{'–':>16}"
    return f"{times[what]:8.1f} {times[what] / taken:6.1f}×"


if __name__ == "__main__":
    main()
