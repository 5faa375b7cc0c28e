"""Small screens over the others: a question, a note."""

from collections.abc import Callable
from typing import ClassVar, Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static, TextArea

from mlx_tui.tui.actions import BY_ID
from mlx_tui.tui.actions.keymap import DEFAULT, KeyMap, key_map_of
from mlx_tui.tui.text import lines_of, plain
from mlx_tui.tui.widgets.typed import SafeInput, SafeTextArea, SeveralInput

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
    """A modal that can be left without an answer; keys of the screens below don't reach them."""

    SCOPES: ClassVar[tuple[str, ...]] = ("dialog",)
    """Of its actions in the registry."""
    VERTICAL_BREAKPOINTS = [(0, "-short"), (16, "-high")]  # noqa: RUF012 - as Textual types it

    def __init_subclass__(cls, **options: bool) -> None:
        """Makes the bindings from the registry."""
        bindings: list[BindingType] = [binding for scope in cls.SCOPES for binding in DEFAULT.bindings(scope)]
        cls.BINDINGS = bindings
        super().__init_subclass__(**options)

    @on(events.Mount)
    def _take_keys(self) -> None:
        """Takes the user's keys."""
        self._bindings = self.keys.rebind(self._bindings, *self.SCOPES)

    @property
    def keys(self) -> KeyMap:
        """Which keys do what."""
        return key_map_of(self.app)

    def key(self, *action_ids: str) -> str:
        """Returns the keys of some actions as a person writes them."""
        return " ".join(self.keys.shown_all(BY_ID[each]) for each in action_ids)

    def after_typing(self, do: Callable[[], object]) -> None:
        """Does something once the field holds what was typed: a dialog's keys overtake letters that came with them."""

        def then() -> None:
            do()  # what it returns isn't waited for: closing waits for the field, in whose turn this runs

        (self.focused or self).call_later(then)

    def action_close(self) -> None:
        """Closes without an answer."""
        self.dismiss(None)


class Confirm(Question[bool]):
    """Asks before something that can't be undone; the key that says yes is another than the one that asked."""

    SCOPES: ClassVar[tuple[str, ...]] = ("dialog", "confirm")
    DEFAULT_CSS = MODAL_CSS.format(name="Confirm")

    def __init__(self, question: str, detail: str) -> None:
        """Asks.

        Args:
            question: What will be done.
            detail: What that means.
        """
        super().__init__()
        self._question, self._detail = question, detail

    def compose(self) -> ComposeResult:
        """Yields the question."""
        with Vertical():
            yield Static(lines_of(plain(self._question, "title"), "", self._detail), markup=False)
            told = f"{self.key('confirm.yes')} yes · {self.key('dialog.close')} no"
            yield Static(plain(told), classes="keys", markup=False)

    def action_yes(self) -> None:
        """Does it."""
        self.dismiss(True)


class TextPrompt(Question[str]):
    """Asks for one line."""

    SCOPES: ClassVar[tuple[str, ...]] = ("dialog", "typed", "prompt")
    DEFAULT_CSS = MODAL_CSS.format(name="TextPrompt")

    def __init__(self, title: str, detail: str, value: str = "", *, several: bool = False) -> None:
        """Asks.

        Args:
            title: What for.
            detail: What can be typed.
            value: What the line holds at the start.
            several: Whether it holds several values with spaces between; a column that is pasted gives one each.
        """
        super().__init__()
        self._title, self._detail, self._value = title, detail, value
        self._made = SeveralInput if several else SafeInput

    def compose(self) -> ComposeResult:
        """Yields the input."""
        with Vertical():
            yield Static(lines_of(plain(self._title, "title"), self._detail), markup=False)
            yield self._made(self._value)
            told = f"{self.key('prompt.enter')} accept · {self.key('dialog.close')} leave as it was"
            yield Static(plain(told), classes="keys", markup=False)

    def action_enter(self) -> None:
        """Gives the line back."""
        self.after_typing(lambda: self.dismiss(self.query_one(Input).value))

    action_keep = action_enter


class NoteEditor(Question[str]):
    """A small editor for a note."""

    SCOPES: ClassVar[tuple[str, ...]] = ("dialog", "typed")
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
            told = f"{self.key('typed.keep')} keep · {self.key('dialog.close')} leave as it was"
            yield Static(plain(told), classes="keys", markup=False)

    def action_keep(self) -> None:
        """Gives the text back."""
        self.after_typing(lambda: self.dismiss(self.query_one(TextArea).text.strip()))
