"""The plan of an attempt, to read."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Static

from mlx_tui.reproduction.model import Plan
from mlx_tui.tui.presentation.plan_text import plan_lines
from mlx_tui.tui.screens.base import StudyScreen
from mlx_tui.tui.text import lines_of, plain
from mlx_tui.tui.widgets.text_pane import TextPane


class PlanView(StudyScreen):
    """Shows a plan that runs or ran."""

    WIDGET_HINTS: ClassVar[tuple[str, ...]] = ("text.down", "text.page_down")
    DEFAULT_CSS = "PlanView VerticalScroll > Static { padding: 0 1; }"

    def __init__(self, plan: Plan) -> None:
        """Shows a plan."""
        super().__init__()
        self._plan = plan

    @property
    def repo(self) -> str:
        """The repository."""
        return self._plan.repo

    def body(self) -> ComposeResult:
        """Yields the plan."""
        lines = plan_lines(self._plan, blind=self.mlx_app.blind)
        with TextPane():
            yield Static(lines_of(*(plain(line, role) for line, role in lines)), markup=False)

    def on_mount(self) -> None:
        """Says what it is."""
        self.title_line(f"{self._plan.repo} › plan of the attempt", self._plan.commit[:8])
