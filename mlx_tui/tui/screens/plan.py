"""The plan of a reproduction: what would be run, in which environment, with which deviations. Nothing runs unseen."""

from collections.abc import Collection
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.timer import Timer

from mlx_tui.reproduction.model import Candidate
from mlx_tui.study.plan_ways import Way, way_key, ways
from mlx_tui.tui.presentation.attempt_text import standing_text
from mlx_tui.tui.presentation.forms import that_fits
from mlx_tui.tui.presentation.plan_form import chosen_text
from mlx_tui.tui.presentation.plan_pane import plan_columns
from mlx_tui.tui.presentation.plan_ways import way_columns
from mlx_tui.tui.screens.plan_actions import PlanActions
from mlx_tui.tui.screens.planning import NO_SOURCE, Planned, Source, WaysFound
from mlx_tui.tui.text import plain
from mlx_tui.tui.widgets.bars import OneLine
from mlx_tui.tui.widgets.code_view import CodeView
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.plan_columns import PlanColumns
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.table_model import TableModel

RESTS = 0.1
"""Seconds until the cursor's way is planned: whoever goes through the list plans none on the way."""


class WayList(VirtualTable[Way]):
    """The ways to run a repository: one is chosen, so that what marks elsewhere chooses here."""

    def action_mark(self) -> None:
        """Chooses."""
        self.action_open()


class PlanScreen(PlanActions):
    """The ways to run a repository, the plan of the one under the cursor, and the code that it was read from.

    Moving the cursor looks at a plan and chooses nothing. What is chosen is marked, and kept with the study.
    """

    SCOPE: ClassVar[str] = "plan"
    DEFAULT_CSS = """
    PlanScreen #panes, PlanScreen #plan, PlanScreen #source { height: 1fr; }
    PlanScreen #ways { height: auto; }
    PlanScreen #plan { background: $surface; }
    PlanScreen #plan:focus { background-tint: $foreground 4%; }
    PlanScreen .source { display: none; }
    PlanScreen OneLine.source { height: 1; background: $panel; padding: 0 1; text-style: bold; }
    PlanScreen.-wide #panes { layout: horizontal; }
    PlanScreen.-wide #ways { width: 40%; max-width: 100; height: 1fr; border-right: solid $panel; }
    PlanScreen.-wide .source { display: block; }
    PlanScreen.-reading.-short #ways, PlanScreen.-reading.-narrow #ways { display: none; }
    """

    def __init__(self, repo: str) -> None:
        """Plans a repository of the study."""
        super().__init__()
        self._repo = repo
        self._source: Source | None = None
        self._timer: Timer | None = None
        self._planned_once = False

    @property
    def repo(self) -> str:
        """The repository."""
        return self._repo

    @property
    def candidate(self) -> Candidate | None:
        """The candidate that is looked at."""
        return self.plan.candidate if self.plan is not None else self.under_cursor

    @property
    def under_cursor(self) -> Candidate | None:
        """The candidate under the cursor."""
        return self.table.current.candidate if self.table.current is not None else None

    def body(self) -> ComposeResult:
        """Yields the ways with the code, and the plan."""
        model = TableModel(way_columns(self.app.size.width), way_key)
        with Container(id="panes"):
            with Vertical(id="ways"):
                yield FilteredTable(model, table=WayList(model, show_column_cursor=False))
                yield OneLine(id="file", classes="source", markup=False)
                yield CodeView(id="source").add_class("source")
            yield PlanColumns(id="plan")

    @property
    def own(self) -> Collection[Candidate]:
        """Those that a person wrote."""
        return {way.candidate for way in self.table.model.rows if way.own}

    @property
    def table(self) -> VirtualTable[Way]:
        """The ways."""
        return self.query_one(FilteredTable).table

    def on_mount(self) -> None:
        """Looks for ways to run the repository."""
        self.title_line(f"{self._repo} › plan")
        self.status("reading how it is run …")
        self.table.focus()
        self.find_ways()

    def on_resize(self) -> None:
        """Uses the room, once that is known."""
        self.call_after_refresh(self._lay_out)

    def _lay_out(self) -> None:
        self.table.set_columns(way_columns(self.query_one("#ways").size.width))
        most = max(3, self.size.height // (2 if self.has_class("-wide") else 3))
        self.query_one(FilteredTable).styles.height = min(most, len(self.table.model.rows) + 2)
        self._draw()

    def _draw(self) -> None:
        """Draws the plan in one column or in two."""
        pane = self.query_one(PlanColumns)
        if self.plan is not None:
            source = self._source if not self.has_class("-wide") else None
            excerpt = (source.document, source.row) if source else None
            pane.show(plan_columns(self.plan, self._chosen_text(), excerpt, pane.room, blind=self.mlx_app.blind))
        elif self.error:
            edit, options = self.keys.label("plan.edit"), self.keys.label("plan.options")
            advice = (
                f"{edit} writes a command to run all the same; {options} changes the options." if self.clone else ""
            )
            pane.show([[("There is no plan", "title"), (self.error, "bad"), ("", ""), (advice, "")]])

    def _list(self) -> None:
        """Shows the ways, and which of them is chosen."""
        choice = self.choice
        if choice is not None:
            self.table.set_rows(ways(self.found, choice.written, self.first, choice.candidate))
            self._lay_out()

    @on(WaysFound)
    def _show_ways(self) -> None:
        self._list()

    @on(VirtualTable.Highlighted)
    def _moved(self) -> None:
        """Looks at the way under the cursor, once the cursor rests there."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        current = self.under_cursor
        if self._planned_once and current is not None and (self.plan is None or current != self.plan.candidate):
            self.plan, self.error = None, ""  # what isn't in sight can't be run
            self.update_hints()
            self._timer = self.set_timer(RESTS, self._rested)

    def _rested(self) -> None:
        self._timer = None
        if self.under_cursor is not None:
            self.look_at(self.under_cursor)

    @on(Planned)
    def _planned(self, event: Planned) -> None:
        self._planned_once = True
        self.plan, self._source, self.error = event.plan, event.source, event.error
        if event.plan is None:
            self._draw()
            self.status("there is no plan: the text says why", "bad")
        else:
            if self.looked_at is None:
                self.first = event.plan.candidate
            self._list()
            self.table.move_to_key(way_key(Way(event.plan.candidate)))
            self.title_line(f"{self._repo} › plan", event.plan.commit[:8])
            self._tell()
        self._show_source()
        self.query_one(PlanColumns).scroll_home(animate=False)
        self.update_hints()

    def _show_source(self) -> None:
        source = self._source or NO_SOURCE
        self.query_one(CodeView).show(source.document, {}, source.row)
        self.query_one("#file", OneLine).put(plain(source.document.path or "no file"))

    def _tell(self) -> None:
        run, choose = self.keys.label("plan.run"), self.keys.label("plan.choose")
        if not self.is_chosen:
            self.status(f"only looked at: {choose} chooses it for this study, {run} chooses and runs it", "accent")
            return
        chosen = self._chosen_text()
        stand = standing_text(self.attempts, self.keys.label("app.attempts")) if self.attempts is not None else ""
        told = " · ".join(filter(None, (stand, f"chosen by you: {chosen}" if chosen else "")))
        told = told or ("nothing runs yet" if self.attempts is not None else "the plan is made")
        runs = f"{run} runs this plan"
        texts = [f"{told} · {runs}, {self.keys.label('plan.pane')} scrolls it", f"{told} · {runs}"]
        self.status(that_fits(texts, self.size.width - 2))

    def show_choice(self) -> None:
        """Shows what is chosen now."""
        self._list()
        self._tell()

    def stand(self) -> None:
        """Says how the attempts stand, beside the plan."""
        if self.plan is not None and not self.starting:
            self._tell()

    def _chosen_text(self) -> str:
        return chosen_text(self.choice, self.default.options) if self.choice and self.default else ""

    def close_something(self) -> bool:
        """Goes back from plan or code to the ways, or clears their filter."""
        if self.focused in self._panes[1:]:
            self._go_to(0)
            return True
        return super().close_something()

    @on(VirtualTable.Opened)
    async def _choose_row(self) -> None:
        await self.action_run("plan.choose")

    @property
    def _panes(self) -> tuple[VirtualTable[Way], PlanColumns, CodeView]:
        return self.table, self.query_one(PlanColumns), self.query_one(CodeView)

    def do_pane(self) -> None:
        """Goes on from the ways to the plan, to the code, and back."""
        shown = [number for number, pane in enumerate(self._panes) if pane.display and (number < 2 or pane.size)]
        here = next((number for number, pane in enumerate(self._panes) if pane is self.focused), 0)
        self._go_to(next((number for number in shown if number > here), 0))

    def _go_to(self, number: int) -> None:
        self.set_class(number > 0, "-reading")
        self._panes[number].focus()
        self.call_after_refresh(self._draw)
