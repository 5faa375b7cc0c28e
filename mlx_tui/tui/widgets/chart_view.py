"""Charts that scroll: lines of styled text, of which only those that are seen are drawn."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.binding import BindingType
from textual.geometry import Size
from textual.strip import Strip

from mlx_tui.tui.actions.keymap import DEFAULT
from mlx_tui.tui.presentation.charts import ChartLine
from mlx_tui.tui.text import ROLES, fit
from mlx_tui.tui.widgets.navigation import Navigation


class ChartView(Navigation, can_focus=True):
    """Shows lines; who fills it draws them for its width."""

    SCOPE: ClassVar[str] = "text"
    BINDINGS: ClassVar[list[BindingType]] = [*DEFAULT.bindings("text")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"role--{role}" for role in ROLES}
    DEFAULT_CSS = "ChartView { background: $background; scrollbar-size: 1 1; padding: 0 1; }"

    def __init__(self, *, id: str | None = None) -> None:
        """Shows nothing yet."""
        super().__init__(id=id)
        self._lines: Sequence[ChartLine] = ()

    @property
    def room(self) -> int:
        """Cells of a line; what a vertical scrollbar takes is left out before it appears."""
        return max(1, self.size.width - self.styles.scrollbar_size_vertical - self.styles.gutter.width)

    def show(self, lines: Sequence[ChartLine]) -> None:
        """Shows lines; where one scrolled to stays."""
        self._lines = lines
        widest = max((sum(cell_len(text) for text, _ in line) for line in lines), default=0)
        self.virtual_size = Size(widest, len(lines))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draws one line of the screen."""
        x, row = self.scroll_offset.x, self.scroll_offset.y + y
        width, base = self.scrollable_content_region.width or self.size.width, self.component("")
        if row >= len(self._lines):
            return Strip.blank(width, base)
        segments = [
            Segment(fit(text, cell_len(text)), base + self.component(f"role--{role}") if role else base)
            for text, role in self._lines[row]
        ]
        return Strip(segments).crop_extend(x, x + width, base)
