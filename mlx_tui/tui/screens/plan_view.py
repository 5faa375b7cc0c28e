"""The plan of an attempt, to read."""

from typing import ClassVar

from textual.app import ComposeResult

from mlx_tui.reproduction.model import Plan
from mlx_tui.tui.presentation.plan_pane import plan_columns
from mlx_tui.tui.screens.base import StudyScreen
from mlx_tui.tui.widgets.plan_columns import PlanColumns


class PlanView(StudyScreen):
    """Shows a plan that runs or ran."""

    WIDGET_HINTS: ClassVar[tuple[str, ...]] = ("text.down", "text.page_down")
    DEFAULT_CSS = "PlanView PlanColumns { height: 1fr; }"

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
        yield PlanColumns()

    def on_mount(self) -> None:
        """Says what it is."""
        self.title_line(f"{self._plan.repo} › plan of the attempt", self._plan.commit[:8])

    def on_resize(self) -> None:
        """Uses the room, once that is known."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        pane = self.query_one(PlanColumns)
        pane.show(plan_columns(self._plan, "", None, pane.room, blind=self.mlx_app.blind))
