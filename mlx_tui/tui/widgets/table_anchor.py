"""The row that the user chose, and its height on the screen: both outlive new rows, another order, another filter."""

from typing import Generic, TypeVar

from mlx_tui.tui.widgets.table_model import TableModel

Row = TypeVar("Row")


class Anchor(Generic[Row]):
    """The row under the cursor, known by its key; a filter that hides it doesn't make it forgotten."""

    def __init__(self, model: TableModel[Row]) -> None:
        """Starts at the first row."""
        self._model = model
        self._index: int | None = None
        self.key = ""
        """The row's key; empty before the user chose one."""
        self.height = 0
        """How far below the first line it stands."""

    def set(self, position: int) -> None:
        """The user moved to a position of the view."""
        if position < len(self._model.view):
            self._index = self._model.view[position]
            self.key = self._model.row_key(self._model.rows[self._index])

    def set_key(self, key: str, height: int) -> None:
        """Goes to the row with this key, at this height, as soon as there is such a row."""
        self._index, self.key, self.height = None, key, height
        self.find_again()

    def note_height(self, cursor: int, top: int) -> None:
        """Notes how far below the first line the row is, where it is under the cursor."""
        if self._index is None and not self.key:
            self.set(cursor)
        if self._index is not None and cursor < len(self._model.view) and self._model.view[cursor] == self._index:
            self.height = cursor - top

    def find_again(self) -> None:
        """The rows are others: finds the one with the key."""
        if self.key:
            self._index = self._model.index_of(self.key, self._index)

    def place(self, cursor: int, top: int) -> tuple[int, int]:
        """Where in the view the row is, and which row is to be the first on the screen.

        Args:
            cursor: Where the cursor is; it stays there, as far as can be, while the row is out of sight.
            top: The first row on the screen.
        """
        position = self._model.position_of_index(self._index)
        if position is None:
            last = max(0, len(self._model.view) - 1)
            return min(cursor, last), top
        return position, position - self.height
