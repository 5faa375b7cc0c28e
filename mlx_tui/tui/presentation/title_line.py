"""What a screen's first line says in the room there is: what matters less is left out whole, nothing is cut."""

from rich.cells import cell_len

from mlx_tui.safe_text import safe_text

PROGRAM = "mlx-tui"
BETWEEN = " · "


def fit_title(title: str, detail: str, least: str, room: int) -> tuple[bool, str]:
    """Chooses what is shown beside a title.

    Args:
        title: Where one is.
        detail: What is said of it, in parts with dots between, the first of most use.
        least: The part of these that is left out first.
        room: Cells of the line.

    Returns:
        Whether the program's name has room in front, and the parts that have room behind.
    """
    parts = detail.split(BETWEEN) if detail else []
    choices = [parts]
    if least in parts:
        parts = [part for part in parts if part != least]
        choices.append(parts)
    named = [(True, BETWEEN.join(choice)) for choice in choices]
    shorter = [(False, BETWEEN.join(parts[:count])) for count in range(len(parts), 0, -1)]
    fitting = (choice for choice in (*named, *shorter) if _length(title, *choice) <= room)
    return next(fitting, (False, ""))


def _length(title: str, named: bool, detail: str) -> int:
    front = f" {PROGRAM} › " if named else " "
    return cell_len(safe_text(front + title + (f"  {detail}" if detail else "")))
