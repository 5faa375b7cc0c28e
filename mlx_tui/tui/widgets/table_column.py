"""What a table is made of: columns, the cells that they show, and the keys that they sort by."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")
SortKey = float | str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell shows.

    Attributes:
        text: Raw text; the widget makes it safe.
        role: A key of `mlx_tui.tui.text.ROLE_STYLES`.
    """

    text: str
    role: str = ""


@dataclass(frozen=True)  # no slots: a generic alias couldn't be called
class Column(Generic[Row]):
    """A column.

    Attributes:
        id: Unique within the table; a name for the filter line.
        title: Heading.
        width: Cells; 0 for the column that takes the room that is left.
        cell: What a row shows here.
        key: What a row sorts by here: all numbers, or all texts; None sorts last in both directions.
        align: `left`, `right` or `center`.
        keep_end: Where a text is too long, its end is shown, as suits paths.
        description: What it means, shown while the column cursor is on it.
        aliases: Further names for the filter line.
        searchable: Whether plain words of the filter are looked for here, while it is shown.
        searched_unseen: Whether that is so while it is out of sight too.
        descending: Whether the first sort by it puts the largest first.
        hidden: Whether it is out of sight until the user asks for it.
        least: To how many cells it may be shortened where it doesn't fit whole; 0 where it is left out then.
    """

    id: str
    title: str
    width: int
    cell: Callable[[Row], Cell]
    key: Callable[[Row], SortKey]
    align: str = "left"
    keep_end: bool = False
    description: str = ""
    aliases: tuple[str, ...] = ()
    searchable: bool = False
    searched_unseen: bool = False
    descending: bool = False
    hidden: bool = False
    least: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """Every name the filter line knows it by, in lower case."""
        return tuple(name.casefold() for name in (self.id, self.title, *self.aliases))


@dataclass(frozen=True, slots=True)
class Sort:
    """One key of the order."""

    column: str
    reverse: bool
