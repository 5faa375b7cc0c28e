"""Every widget, fed with text that a careless one obeys, breaks on, or misaligns."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from textual import events
from textual.app import App, ComposeResult
from textual.command import CommandInput, CommandPalette
from textual.containers import Vertical
from textual.fuzzy import Matcher
from textual.widget import Widget
from textual.widgets import Static

from mlx_tui.safe_text import safe_text
from mlx_tui.study import Study
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.commands import highlighted
from mlx_tui.tui.presentation.document import message_document, read_document
from mlx_tui.tui.presentation.plan_form import Field
from mlx_tui.tui.screens.about import About
from mlx_tui.tui.screens.file_picker import FilePicker
from mlx_tui.tui.screens.form import Form
from mlx_tui.tui.screens.missed import MissedFinding, MissedPrompt
from mlx_tui.tui.screens.modals import Confirm, NoteEditor, Question, TextPrompt
from mlx_tui.tui.text import fit, plain
from mlx_tui.tui.theme import ThemedApp
from mlx_tui.tui.widgets.bars import EmptyState, StatusLine, TopLine
from mlx_tui.tui.widgets.chart_view import ChartView
from mlx_tui.tui.widgets.code_view import CodeView, GutterMark
from mlx_tui.tui.widgets.filter_line import FilterLine
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.log_view import LogView
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.table_model import Cell, Column, TableModel
from mlx_tui.tui.widgets.text_pane import TextPane
from mlx_tui.tui.widgets.typed import SafeInput, SafeTextArea
from tests.hostile import ALL, BIDI, ESCAPES, LINES, LONG, MARKUP, REPO, WIDE, make_study

from .support import WidgetApp, obeyed, screen_text, until, until_shown

TEXTS = (MARKUP, ESCAPES, BIDI, WIDE, LINES, LONG, ALL)
SIZE = (61, 21)
"""Odd, so that a wide character meets the edge."""


def check(app: App[Any]) -> None:
    """Nothing on the screen would be obeyed, and each line fills it exactly, in whatever way widths are counted."""
    strips = app.screen._compositor.render_strips()
    lines = ["".join(segment.text for segment in strip) for strip in strips]
    assert obeyed("\n".join(lines)) == []
    assert {cell_len(line) for line in lines} == {app.size.width}, "\n".join(lines)
    assert {sum(map(cell_len, line)) for line in lines} == {app.size.width}, "\n".join(lines)


def table() -> VirtualTable[str]:
    columns = [
        Column[str](f"c{number}", text, 9, lambda row: Cell(row), lambda row: row, align=align)
        for number, (text, align) in enumerate(zip(TEXTS, ["left", "right", "center"] * 3, strict=False))
    ]
    model = TableModel(columns, lambda row: row)
    model.set_rows([f"{text}{number}" for number, text in enumerate(TEXTS)])
    return VirtualTable(model)


def filtered() -> FilteredTable[str]:
    model = TableModel([Column[str]("c", ALL, 0, Cell, str, keep_end=True, searchable=True)], str)
    model.set_rows(list(TEXTS))
    return FilteredTable(model)


async def test_a_table_with_hostile_cells_and_headings() -> None:
    widget = table()
    app = WidgetApp(widget)
    async with app.run_test(size=SIZE) as pilot:
        widget.focus()
        for key in ("right", "down", "right", "s", "right", "G", "right", "right", "home", "right", "space"):
            await pilot.press(key)
            check(app)


async def test_a_filter_of_hostile_text() -> None:
    widget = filtered()
    app = WidgetApp(widget)
    async with app.run_test(size=SIZE) as pilot:
        widget.table.focus()
        await pilot.press("slash")
        for text in ("[/foo]", "\u202e", "你好", "c:[red]", "e\u0301", "a:" + "x" * 300):
            widget.line.value = text
            await pilot.pause()
            check(app)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("width", [0, 1, 2, 3, 9, 40])
@pytest.mark.parametrize("align", ["left", "right", "center"])
@pytest.mark.parametrize("keep_end", [False, True])
def test_a_cell_has_its_width(text: str, width: int, align: str, keep_end: bool) -> None:
    cell = fit(text, width, align, keep_end=keep_end)
    assert sum(map(cell_len, cell)) == width and not obeyed(cell)


@pytest.mark.parametrize("name", ["a.py", f"{MARKUP}.ipynb", f"x{ESCAPES}", "MLproject", "README.md"])
async def test_the_code_view(name: str) -> None:
    widget = CodeView()
    app = WidgetApp(widget)
    async with app.run_test(size=SIZE) as pilot:
        for data in ("\n".join(TEXTS), ALL):
            document = read_document(name, data.encode("utf-8", "surrogatepass"))
            widget.show(document, {0: GutterMark("●"), 2: GutterMark("✗", "bad")}, 1)
            widget.focus()
            for key in ("down", "J", "l", "l", "G", "h"):
                await pilot.press(key)
                check(app)
        widget.show(message_document(name, f"{ALL} can't be shown: {ALL}"), {}, None)
        await pilot.pause()
        check(app)


async def test_the_log_view(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes("\n".join(TEXTS * 9).encode("utf-8", "surrogatepass") + b"\xff\xfe\x1b[999999999m\x1b[")
    widget = LogView(log)
    app = WidgetApp(widget)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: widget.lines > 20)
        widget.focus()
        for key in ("G", "g", "l", "l", "pagedown", "h"):
            await pilot.press(key)
            check(app)


@pytest.mark.parametrize("made", [SafeInput, SafeTextArea, FilterLine])
async def test_what_is_pasted(made: type[Widget]) -> None:
    widget = made()
    app = WidgetApp(widget)
    async with app.run_test(size=SIZE) as pilot:
        widget.display = True
        widget.add_class("-open")
        widget.focus()
        for text in TEXTS:
            widget.post_message(events.Paste(text))
            await pilot.pause()
            check(app)
        await pilot.press("end", "x")
        check(app)


class Lines(ThemedApp):
    """The lines of a screen that are no tables."""

    def compose(self) -> ComposeResult:
        yield TopLine(markup=False)
        yield EmptyState(id="empty", markup=False)
        yield StatusLine(id="status", markup=False)


@pytest.mark.parametrize("text", TEXTS)
async def test_the_lines_of_a_screen_and_notifications(text: str) -> None:
    app = Lines()
    async with app.run_test(size=SIZE) as pilot:
        app.query_one(TopLine).show(text, text)
        app.query_one(StatusLine).show(text, "bad")
        app.query_one(EmptyState).show(text, text, text)
        app.query_one(EmptyState).display = True
        await pilot.pause()
        check(app)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    "made",
    [
        lambda text: Confirm(text, text),
        lambda text: NoteEditor(text, text),
        lambda text: MissedPrompt((text,), MissedFinding(text, text, text)),
        lambda text: FilePicker([f"{text}{number}" for number in range(30)]),
        lambda text: About([(text, "title"), (text, ""), (text, "warn")]),
        lambda text: TextPrompt(text, text, text),
        lambda text: Form(text, [Field(text, text, text, text, empty=text), Field("b", text, "", text)], str),
    ],
    ids=["confirm", "note", "missed", "files", "about", "prompt", "form"],
)
async def test_what_is_shown_over_a_screen(made: Callable[[str], Question[Any]], text: str) -> None:
    app = WidgetApp(Widget())
    async with app.run_test(size=SIZE) as pilot:
        await app.push_screen(made(text))
        await pilot.pause()
        check(app)
        await pilot.press("tab", "right", "down")
        check(app)


@pytest.mark.parametrize("text", TEXTS)
async def test_charts_and_texts(text: str) -> None:
    chart, pane = ChartView(), TextPane(Static(plain(text)))
    app = WidgetApp(Vertical(chart, pane))
    async with app.run_test(size=SIZE) as pilot:
        chart.styles.height = pane.styles.height = 8
        chart.show([[(text, ""), (text, "good")], [(text, "bad")]])
        chart.focus()
        for key in ("l", "l", "down", "G"):
            await pilot.press(key)
            check(app)


@pytest.mark.parametrize("text", TEXTS)
async def test_the_explanation_of_a_heading(text: str) -> None:
    model = TableModel([Column[str]("c", text, 12, Cell, str, description=text)], str)
    model.set_rows(["a"])
    app = WidgetApp(FilteredTable(model))
    async with app.run_test(size=SIZE, tooltips=True) as pilot:
        await pilot.hover(FilteredTable, offset=(3, 0))
        await until(pilot, lambda: app.screen.query("Tooltip").first().display)
        check(app)


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MlxTuiApp:
    """The interface on a study in which everything is hostile."""
    return MlxTuiApp(Study(make_study(tmp_path, monkeypatch)))


async def test_notifications_titles_and_the_palette(hostile: MlxTuiApp) -> None:
    async with hostile.run_test(size=SIZE, notifications=True) as pilot:
        await until_shown(pilot, REPO)
        screen = hostile.open_screen
        assert screen is not None
        for text in TEXTS:
            screen.complain(text, error=True)
            screen.inform(text)
            screen.title_line(text, text)
            screen.status(text, "bad")
            await pilot.pause()
            check(hostile)
            hostile.clear_notifications()
        await pilot.press("ctrl+p", *"hostile")
        await until_shown(pilot, REPO)
        check(hostile)


async def test_a_reason_in_the_palette_is_no_markup(tmp_path: Path) -> None:
    study = Study.create(tmp_path / "study")
    (study.path / "corpus.csv").write_text("url\nfile:///nowhere/[/foo]\n")
    study.corpus.fetch()  # fails, and git names the address
    app = MlxTuiApp(study)
    async with app.run_test(size=(150, 30)) as pilot:
        await until_shown(pilot, "1 repositor")
        await until(pilot, lambda: "reading" not in screen_text(app))
        await pilot.press("ctrl+p")
        await until(pilot, lambda: "Not now: foo_: failed" in screen_text(app) and "[/foo]" in screen_text(app))
        check(app)
        await pilot.press(*"failed")
        await until(pilot, lambda: "Not now: foo_: failed" in screen_text(app) and "[/foo]" in screen_text(app))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, CommandPalette))


@pytest.mark.parametrize("text", TEXTS)
async def test_a_line_of_the_palette_is_itself_with_what_was_typed_marked(text: str) -> None:
    title = safe_text(text)
    marked = highlighted(Matcher(title[:3]), title)
    assert marked.plain == title and marked.spans


@pytest.mark.parametrize("text", TEXTS)
async def test_what_is_pasted_into_the_palette(app: MlxTuiApp, text: str) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.focused, CommandInput))
        line = app.focused
        assert isinstance(line, CommandInput)
        line.post_message(events.Paste(text))
        await until(pilot, lambda: line.value)
        assert line.value == safe_text(text.splitlines()[0])
        check(app)
        await pilot.press("escape")  # Textual's palette must not look for commands while the program ends
        await until(pilot, lambda: not isinstance(app.screen, CommandPalette))


@pytest.mark.parametrize("size", [(40, 12), (81, 24), (161, 45)])
async def test_every_screen_of_a_hostile_study(hostile: MlxTuiApp, size: tuple[int, int]) -> None:
    async with hostile.run_test(size=size) as pilot:
        await until_shown(pilot, REPO)
        await until(pilot, lambda: "reading" not in screen_text(hostile))
        steps = ["right"] * 24 + ["v", "right", "C", "escape", "home", "enter"]
        steps += ["n"] * 12 + ["x", "f", "G", "escape", "b", "escape", "e", "escape", "m", "escape", "v", "escape", "B"]
        steps += ["n", "n", "B", "p", "tab", "pagedown", "escape", "a", "enter", "tab", "e", "tab", "tab", "escape"]
        steps += ["escape", "t", "tab", "tab", "tab", "escape", "F", *"/./", "enter", "right", "right", "G", "enter"]
        steps += ["escape", "escape", "question_mark"]
        for key in steps:
            await pilot.press(key)
            await pilot.app.workers.wait_for_complete()
            await pilot.pause()
            check(hostile)
