"""A plan laid out in the room there is: one column or two, with the lines that its command was read from."""

from mlx_tui.reproduction.model import Plan
from mlx_tui.tui.presentation.document import Document
from mlx_tui.tui.presentation.plan_sections import Section, laid_out, plan_sections
from mlx_tui.tui.presentation.plan_text import Line

TWO_COLUMNS = 150
"""Cells from which on there are two columns."""
GAP = 3
_BEFORE, _BEHIND = 2, 5
"""Lines of the file that are shown around the command's."""


def plan_columns(
    plan: Plan, chosen: str, source: tuple[Document, int | None] | None, width: int, *, blind: bool = False
) -> list[list[Line]]:
    """Returns the lines of each column.

    Args:
        plan: The plan.
        chosen: What a person chose otherwise than the program would; empty where nothing.
        source: The file that the command was read from, and the row in it, where they aren't shown elsewhere.
        width: Cells that there are.
        blind: Whether one judges blind.
    """
    what, *others = plan_sections(plan, blind=blind)
    if chosen:
        what = Section(what.title, (*what.lines, (f"  chosen by you: {chosen}", "accent")))
    sections = [what, *others, *_excerpt(source)]
    if width < TWO_COLUMNS:
        return [laid_out(sections, width)]
    column = (width - GAP) // 2
    return [laid_out(sections[:3], column), laid_out(sections[3:], column)]


def _excerpt(source: tuple[Document, int | None] | None) -> list[Section]:
    document, row = source or (None, None)
    if document is None or row is None:
        return []
    lines = enumerate(document.lines[max(0, row - _BEFORE) : row + _BEHIND], max(0, row - _BEFORE))
    shown = tuple(
        (f"  {line.number:>4} {'▶' if at == row else ' '} {line.text}", "strong" if at == row else "muted")
        for at, line in lines
    )
    return [Section(f"Where it was read: {document.path}", shown)]
