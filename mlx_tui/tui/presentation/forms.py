"""Saying one thing in as many words as there is room for."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

PARTS = " · "
"""Between the parts of a line; what stands last matters least."""


def that_fits(forms: Sequence[str], room: int) -> str:
    """Returns the first form that has room; the last one where none has.

    Args:
        forms: The same thing in ever fewer words.
        room: Cells.
    """
    return next((form for form in forms if cell_len(form) <= room), forms[-1])


def fitting_form(forms: Sequence[str], room: int) -> str:
    """Returns the first form that fits, else the last one without its last parts; empty where not even that fits.

    Args:
        forms: The same thing in ever fewer words.
        room: Cells.
    """
    return that_fits([*forms, *_shortened(forms[-1] if forms else ""), ""], room)


def _shortened(form: str) -> Iterator[str]:
    while PARTS in form:
        form = form.rpartition(PARTS)[0]
        yield form
