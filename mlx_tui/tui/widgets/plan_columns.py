"""A plan in one column or in two."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from mlx_tui.tui.presentation.plan_text import Line
from mlx_tui.tui.text import lines_of, plain
from mlx_tui.tui.widgets.text_pane import TextPane


class PlanColumns(TextPane):
    """A plan that scrolls, in one column or in two, as there is room."""

    DEFAULT_CSS = """
    PlanColumns { padding: 0 1; scrollbar-size: 1 1; }
    PlanColumns > Horizontal { height: auto; }
    PlanColumns Static { width: 1fr; height: auto; }
    PlanColumns .second { margin-left: 3; display: none; }
    """

    def compose(self) -> ComposeResult:
        """Yields two columns."""
        with Horizontal():
            yield Static(classes="first", markup=False)
            yield Static(classes="second", markup=False)

    @property
    def room(self) -> int:
        """Cells of a line, beside padding and scrollbar."""
        return max(1, self.size.width - self.styles.gutter.width - self.styles.scrollbar_size_vertical)

    def show(self, columns: Sequence[Sequence[Line]]) -> None:
        """Shows columns of lines, each of them raw text and its role."""
        first, second = self.query_one(".first", Static), self.query_one(".second", Static)
        second.display = len(columns) > 1
        for static, lines in zip((first, second), columns, strict=False):
            static.update(lines_of(*(plain(line, role) for line, role in lines)))
