"""The list of findings on a repository's screen: the row under the cursor, the marked ones, and moving through them."""

from collections.abc import Sequence

from textual import on

from mlx_tui.tui.presentation.evidence import EvidenceRow, next_open
from mlx_tui.tui.screens.places import PlaceScreen
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.table import VirtualTable


class FindingsScreen(PlaceScreen):
    """A screen with a table of evidence and the code beside it."""

    def __init__(self) -> None:
        """Shows nothing yet."""
        super().__init__()
        self._blind: bool | None = None  # what is shown: with or without the program's answer; None until it is read

    @property
    def table(self) -> VirtualTable[EvidenceRow]:
        """The findings."""
        return self.query_one(FilteredTable).table

    # Moving

    def do_next(self) -> None:
        """Goes to the next finding."""
        self._step(1)

    def do_previous(self) -> None:
        """Goes to the previous finding."""
        self._step(-1)

    def _step(self, direction: int) -> None:
        if self._blind:
            moved = self.step_places(direction)
        else:
            rows = self.shown()
            at = self.table.cursor + direction
            while 0 <= at < len(rows) and rows[at].finding is None:
                at += direction
            moved = 0 <= at < len(rows)
            if moved:
                self.table.cursor = at
        if not moved:
            what = "place" if self._blind else "finding"
            self.status(f"that was the last {what}" if direction > 0 else f"that was the first {what}", "warn")

    def go_on(self) -> bool:
        """Goes to the next that has no verdict."""
        row = self.table.current
        following = next_open(self.shown(), row.key if row else "", self._given)
        if following is None and self.left:
            clears = f"{self.keys.label('app.back')} clears it"
            self.deny(f"nothing that the filter shows is left to judge; {clears}")
            return True
        if following is not None:
            self.move_to(following)
        return following is not None

    @on(VirtualTable.Opened)
    def do_pane(self) -> None:
        """Switches between findings and code."""
        if self.focused is not self.code:
            self.show_code()
        else:
            self.remove_class("-code", "-full")
            self.table.focus()
            if self.looks_elsewhere:
                self.follow()
                self.update_hints()

    def show_code(self) -> None:
        """Moves to the code."""
        self.add_class("-code")
        self.code.focus()

    # What is judged

    def chosen(self) -> EvidenceRow | None:
        """The evidence under the cursor."""
        return self.table.current

    def marked(self) -> Sequence[EvidenceRow]:
        """The marked evidence."""
        return self.table.model.marked_rows()

    def unmark(self) -> None:
        """Takes the marks away."""
        self.table.unmark()

    def shown(self) -> Sequence[EvidenceRow]:
        """The evidence in the order in which it is shown."""
        model = self.table.model
        return [model.rows[index] for index in model.view]

    def move_to(self, row: EvidenceRow) -> None:
        """Moves the cursor."""
        self.table.move_to_key(row.key)
