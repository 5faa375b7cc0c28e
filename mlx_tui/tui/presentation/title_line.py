"""What a screen's first line says in the room there is: what matters less is left out whole, nothing is cut."""

from rich.cells import cell_len

from mlx_tui.safe_text import safe_text

FRONT = " mlx-tui › "
BETWEEN = " · "


def fit_title(title: str, detail: str, least: str, room: int) -> str:
    """Chooses what is shown behind a title.

    Args:
        title: Where one is.
        detail: What is said of it, in parts with dots between, the first of most use.
        least: The part of these that is left out first.
        room: Cells of the line.

    Returns:
        The parts that have room.
    """
    parts = detail.split(BETWEEN) if detail else []
    rest = [part for part in parts if part != least]
    choices = [parts, *(rest[:count] for count in range(len(rest), 0, -1))]
    fitting = (told for choice in choices if _length(title, told := BETWEEN.join(choice)) <= room)
    return next(fitting, "")


def _length(title: str, told: str) -> int:
    return cell_len(safe_text(FRONT + title + (f"  {told}" if told else "")))
