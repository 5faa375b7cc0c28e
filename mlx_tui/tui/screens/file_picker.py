"""Asks for a file of the repository: parts of its name are typed, and it is chosen from what fits."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from mlx_tui.counted import counted
from mlx_tui.tui.screens.modals import MODAL_CSS, Question
from mlx_tui.tui.text import plain
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.table_model import Cell, Column, TableModel
from mlx_tui.tui.widgets.typed import SafeInput

_COLUMN = Column[str]("file", "file", 0, Cell, lambda name: name, keep_end=True, searchable=True)


class FilePicker(Question[str]):
    """Lists files; words that are typed narrow the list down."""

    DEFAULT_CSS = (
        MODAL_CSS.format(name="FilePicker")
        + "FilePicker VirtualTable { height: 16; max-height: 60vh; margin-bottom: 1; }"
    )
    SCOPES: ClassVar[tuple[str, ...]] = ("dialog", "typed", "prompt", "picker")

    def __init__(self, names: Sequence[str]) -> None:
        """Lists files by their raw names."""
        super().__init__()
        self._names = names
        self._table: VirtualTable[str] = VirtualTable(
            TableModel((_COLUMN,), lambda name: name), show_column_cursor=False
        )
        self._table.can_focus = False

    def compose(self) -> ComposeResult:
        """Yields the line that is typed into and the list."""
        with Vertical():
            yield Static(plain(f"Open one of {counted(len(self._names), 'file')}", "title"), markup=False)
            yield SafeInput(placeholder="parts of its name")
            yield self._table
            moving = f"{self.key('picker.up', 'picker.down')} choose"
            told = f"{moving} · {self.key('prompt.enter')} open · {self.key('dialog.close')} cancel"
            yield Static(plain(told), classes="keys", markup=False)

    def on_mount(self) -> None:
        """Fills the list."""
        self._table.set_rows(self._names)
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _narrow(self) -> None:
        # A colon or a comparison would name a column: only words are meant here.
        self._table.set_filter(" ".join(word.translate(_NO_SYNTAX) for word in self.query_one(Input).value.split()))

    def action_up(self) -> None:
        """Moves a file up."""
        self._table.move_by(-1)

    def action_down(self) -> None:
        """Moves a file down."""
        self._table.move_by(1)

    def action_page_up(self) -> None:
        """Moves a page up."""
        self._table.move_by(-self._table.page_rows())

    def action_page_down(self) -> None:
        """Moves a page down."""
        self._table.move_by(self._table.page_rows())

    @on(VirtualTable.Opened)
    def action_enter(self) -> None:
        """Chooses the file."""
        self.after_typing(self._accept)

    def _accept(self) -> None:
        self._narrow()
        if self._table.current is not None:
            self.dismiss(self._table.current)

    action_keep = action_enter


_NO_SYNTAX = dict.fromkeys(map(ord, ':<>=!"'), " ")
