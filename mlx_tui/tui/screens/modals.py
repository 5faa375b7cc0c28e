"""Small screens over the others: a question, a note."""

from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static, TextArea

from mlx_tui.tui.text import lines_of, plain
from mlx_tui.tui.widgets.typed import SafeInput, SafeTextArea

Result = TypeVar("Result")

MODAL_CSS = """
{name} {{ align: center middle; }}
{name} > Vertical {{
    width: 72; max-width: 96%; height: auto; max-height: 96%; padding: 0 1;
    background: $surface; border: round $primary;
}}
{name} Static {{ height: auto; margin-bottom: 1; }}
{name} Static.keys {{ color: $quiet; margin: 0; }}
{name} Input, {name} Input:focus {{ height: 1; border: none; margin-bottom: 1; background: $panel; padding: 0 1; }}
{name} TextArea, {name} TextArea:focus {{ height: 6; border: none; margin-bottom: 1; background: $panel; }}
{name}.-short TextArea, {name}.-short TextArea:focus {{ height: 3; }}
{name}.-short Static.keys {{ dock: bottom; height: auto; }}
{name}.-short Static, {name}.-short Input, {name}.-short Input:focus, {name}.-short TextArea {{ margin-bottom: 0; }}
"""


class Question(ModalScreen[Result], Generic[Result]):
    """A modal that escape closes without an answer; keys of the screens below don't reach them."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "cancel", show=False)]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (16, "-high")]  # noqa: RUF012 - as Textual types it

    def action_leave(self) -> None:
        """Closes without an answer."""
        self.dismiss(None)


class Confirm(Question[bool]):
    """Asks before something that can't be undone; the key that says yes is another than the one that asked."""

    DEFAULT_CSS = MODAL_CSS.format(name="Confirm")

    def __init__(self, question: str, detail: str, key: str = "y") -> None:
        """Asks.

        Args:
            question: What will be done.
            detail: What that means.
            key: The key that says yes.
        """
        super().__init__()
        self._question, self._detail, self._key = question, detail, key

    def compose(self) -> ComposeResult:
        """Yields the question."""
        with Vertical():
            yield Static(lines_of(plain(self._question, "title"), "", self._detail), markup=False)
            yield Static(plain(f"{self._key} yes · esc no"), classes="keys", markup=False)

    def on_mount(self) -> None:
        """Binds the key that says yes."""
        self._bindings.bind(self._key, "yes", "yes", show=False)

    def action_yes(self) -> None:
        """Does it."""
        self.dismiss(True)


class TextPrompt(Question[str]):
    """Asks for one line."""

    DEFAULT_CSS = MODAL_CSS.format(name="TextPrompt")

    def __init__(self, title: str, detail: str, value: str = "") -> None:
        """Asks, with a value to start from."""
        super().__init__()
        self._title, self._detail, self._value = title, detail, value

    def compose(self) -> ComposeResult:
        """Yields the input."""
        with Vertical():
            yield Static(lines_of(plain(self._title, "title"), self._detail), markup=False)
            yield SafeInput(self._value)
            yield Static(plain("enter accept · esc leave as it was"), classes="keys", markup=False)

    @on(Input.Submitted)
    def _accept(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value)


class NoteEditor(Question[str]):
    """A small editor for a note."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2,ctrl+g", "keep", "keep", priority=True)]
    DEFAULT_CSS = MODAL_CSS.format(name="NoteEditor")

    def __init__(self, about: str, note: str) -> None:
        """Edits a note.

        Args:
            about: What the note is on.
            note: The note so far.
        """
        super().__init__()
        self._about, self._note = about, note

    def compose(self) -> ComposeResult:
        """Yields the editor."""
        with Vertical():
            yield Static(lines_of(plain("Note", "title"), self._about), markup=False)
            # A note may come from another program's annotations.csv.
            yield SafeTextArea(plain(self._note).plain)
            yield Static(plain("F2 or ^g keep · esc leave as it was"), classes="keys", markup=False)

    def action_keep(self) -> None:
        """Gives the text back."""
        self.dismiss(self.query_one(TextArea).text.strip())
