from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from mlx_tui.tui.presentation.forms import fitting_form
from mlx_tui.tui.presentation.wrapping import MOST_ROWS, wrap

TEXT = st.text(st.sampled_from("ab ,(=世é"), max_size=400)


@given(TEXT, st.integers(1, 80))
def test_the_pieces_of_a_line_are_the_line_and_fit(text: str, room: int) -> None:
    pieces = wrap(text, room)
    assert pieces[0][0] == 0 and pieces[-1][1] == cell_len(text) and len(pieces) <= MOST_ROWS
    assert all(before[1] == after[0] for before, after in pairwise(pieces))
    wide = room - max(indent for _, _, indent in pieces) < 2
    assert wide or len(pieces) == MOST_ROWS or all(stop - start + indent <= room for start, stop, indent in pieces)


def test_the_form_that_fits_is_never_cut() -> None:
    forms = ("58e0af51 · 37 left to judge", "37 left")
    assert [fitting_form(forms, room) for room in (40, 10, 3)] == [forms[0], forms[1], ""]
    assert fitting_form(("demo · 14 repositories · none judged",), 24) == "demo · 14 repositories"
