"""What a screen's first line says in the room there is: what matters less is left out whole, nothing is cut."""

from collections.abc import Sequence

from rich.cells import cell_len

from mlx_tui.safe_text import safe_text
from mlx_tui.tui.presentation.forms import PARTS, fitting_form

FRONT = " mlx-tui › "


def fit_title(title: str, details: Sequence[str], least: str, room: int) -> str:
    """Chooses what is shown behind a title.

    Args:
        title: Where one is.
        details: What is said of it, in ever fewer words, each in parts with dots between, the first of most use.
        least: The part of the first of these that is left out first.
        room: Cells of the line.

    Returns:
        The parts that have room.
    """
    rest = [PARTS.join(part for part in each.split(PARTS) if part != least) for each in details[:1]]
    left = room - cell_len(safe_text(f"{FRONT}{title}  "))
    return fitting_form([safe_text(each) for each in (*details[:1], *rest, *details[1:])], left)
