"""Moving through something long: the same keys in tables, code, logs and texts."""

from typing import ClassVar

from textual import events
from textual.widget import Widget

from mlx_tui.tui.actions.keymap import key_map_of
from mlx_tui.tui.widgets.line_widget import LineWidget


class Moving(Widget):
    """Gives the actions `up` … `half_down` of the registry to a widget that says how it moves."""

    SCOPE: ClassVar[str] = ""
    """Of its actions in the registry."""

    def _on_mount(self, event: events.Mount) -> None:
        """Takes the user's keys."""
        super()._on_mount(event)
        self._bindings = key_map_of(self.app).rebind(self._bindings, self.SCOPE)

    def page_rows(self) -> int:
        """How many rows fit the screen."""
        return max(1, self.scrollable_content_region.height)

    def move_by(self, rows: int) -> None:
        """Moves down, or up where `rows` is negative."""
        self.scroll_to(y=self.scroll_offset.y + rows, animate=False, immediate=True, force=True)

    def move_to_end(self, *, first: bool) -> None:
        """Moves to the first row or to the last."""
        self.scroll_to(y=0 if first else self.max_scroll_y, animate=False, immediate=True, force=True)

    def move_sideways(self, steps: int) -> None:
        """Moves right, or left where `steps` is negative."""
        self.scroll_to(x=self.scroll_offset.x + 8 * steps, animate=False, immediate=True, force=True)

    def action_up(self) -> None:
        """Moves a row up."""
        self.move_by(-1)

    def action_down(self) -> None:
        """Moves a row down."""
        self.move_by(1)

    def action_left(self) -> None:
        """Moves a step to the left."""
        self.move_sideways(-1)

    def action_right(self) -> None:
        """Moves a step to the right."""
        self.move_sideways(1)

    def action_first(self) -> None:
        """Moves to the first row."""
        self.move_to_end(first=True)

    def action_last(self) -> None:
        """Moves to the last row."""
        self.move_to_end(first=False)

    def action_page_up(self) -> None:
        """Moves a screen up."""
        self.move_by(-self.page_rows())

    def action_page_down(self) -> None:
        """Moves a screen down."""
        self.move_by(self.page_rows())

    def action_half_up(self) -> None:
        """Moves half a screen up."""
        self.move_by(-self.page_rows() // 2)

    def action_half_down(self) -> None:
        """Moves half a screen down."""
        self.move_by(self.page_rows() // 2)


class Navigation(LineWidget, Moving):
    """The same for a widget that draws its own lines."""
