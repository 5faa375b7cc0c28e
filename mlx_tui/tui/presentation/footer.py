"""Which keys a screen's last line shows: what is most useful first, whole, and the ways to help and out always."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from mlx_tui.tui.actions.action import Action

GAP = 2
"""Cells between two hints."""


@dataclass(frozen=True, slots=True)
class Hint:
    """An action that the footer may show.

    Attributes:
        action: The action.
        enabled: Whether it can be done now; it is dimmed otherwise.
        kept: Whether it stays when the room is short.
        title: What it is called now; empty for the registry's title.
    """

    action: Action
    enabled: bool = True
    kept: bool = False
    title: str = ""

    @property
    def shown(self) -> str:
        """What the footer calls it."""
        return self.title or self.action.title


def in_order(actions: Sequence[Action], likely: Collection[str]) -> list[Action]:
    """Puts actions in the order of their use: those that are likely wanted now, then by the registry's rank.

    Args:
        actions: Each once.
        likely: Ids of those that are wanted most where one is, the first first.
    """
    first = list(likely)
    return sorted(actions, key=lambda a: (0, first.index(a.id)) if a.id in first else (max(a.hint, 1), 0))


def fitting(hints: Sequence[tuple[Hint, int]], room: int) -> list[Hint]:
    """Chooses the hints for which there is room, in their order.

    Args:
        hints: In the order of their use, each with the cells that it needs.
        room: Cells of the line.

    Returns:
        Those that are kept; then what can be done, as far as there is room; then the others, dimmed.
    """
    left = room + GAP
    chosen: set[int] = set()
    by_need = sorted(range(len(hints)), key=lambda at: (not hints[at][0].kept, not hints[at][0].enabled))
    for at in by_need:
        hint, width = hints[at]
        if hint.kept or width + GAP <= left:
            chosen.add(at)
            left -= width + GAP
    return [hint for at, (hint, _) in enumerate(hints) if at in chosen]
