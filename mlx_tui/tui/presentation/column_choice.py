"""The list of all columns of a table, to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass

from mlx_tui.tui.widgets.table_layout import Layout
from mlx_tui.tui.widgets.table_model import Cell, Column

_SIGNS = {"pinned": ("▌ pinned", "accent"), "shown": ("● shown", "good"), "hidden": ("· hidden", "muted")}


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column, and how the table has it: `pinned`, `shown` or `hidden`."""

    column: Column
    state: str

    @property
    def shown(self) -> bool:
        """Whether it is in sight."""
        return self.state != "hidden"


def column_choices(columns: Sequence[Column], layout: Layout) -> tuple[ColumnChoice, ...]:
    """Lists all columns as the table orders them, those that stay at the left first."""
    pins = layout.pins(columns)
    choices = [
        ColumnChoice(column, "hidden" if not layout.is_shown(column) else "pinned" if column.id in pins else "shown")
        for column in layout.ordered(columns)
    ]
    return tuple(sorted(choices, key=lambda choice: choice.state != "pinned"))


CHOICE_COLUMNS = (
    Column[ColumnChoice](
        "column",
        "column",
        17,
        lambda choice: Cell(choice.column.title, "strong" if choice.shown else ""),
        lambda choice: choice.column.title.casefold(),
        searchable=True,
    ),
    Column[ColumnChoice](
        "state", "state", 8, lambda choice: Cell(*_SIGNS[choice.state]), lambda choice: choice.state, searchable=True
    ),
    Column[ColumnChoice](
        "id",
        "name",
        26,
        lambda choice: Cell(choice.column.id),
        lambda choice: choice.column.id,
        searchable=True,
        least=10,
    ),
    Column[ColumnChoice](
        "means",
        "what it means",
        0,
        lambda choice: Cell(choice.column.description, "muted"),
        lambda choice: choice.column.description,
        searchable=True,
    ),
)
