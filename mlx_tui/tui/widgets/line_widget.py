"""A widget that draws its own lines."""

from rich.style import Style
from textual.scroll_view import ScrollView


class LineWidget(ScrollView):
    """Keeps the styles of its component classes until the theme or a pseudo-class changes."""

    def __init__(self, *, id: str | None = None) -> None:
        """Starts without styles."""
        super().__init__(id=id)
        self._components: dict[str, Style] = {}

    def component(self, name: str) -> Style:
        """Returns what a component class adds to the style below it; the widget's own style where `name` is empty."""
        if name not in self._components:
            self._components[name] = self.get_component_rich_style(name, partial=True) if name else self.rich_style
        return self._components[name]

    def notify_style_update(self) -> None:
        """Forgets the styles."""
        self._components.clear()
        super().notify_style_update()
