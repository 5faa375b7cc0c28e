"""The first line of a screen: parts are left out whole, those of least use first."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from mlx_tui.safe_text import safe_text
from mlx_tui.tui.presentation.title_line import FRONT, fit_title

DETAIL = "study · 14 repositories · 3 to fetch · 0/300 findings judged"


def test_what_matters_least_goes_first_then_the_last_parts() -> None:
    assert fit_title("Corpus", [DETAIL], "study", 80) == DETAIL
    assert fit_title("Corpus", [DETAIL], "study", 73) == DETAIL.removeprefix("study · ")
    assert fit_title("Corpus", [DETAIL], "study", 50) == "14 repositories · 3 to fetch"
    assert fit_title("Corpus", [DETAIL], "study", 40) == "14 repositories"
    assert fit_title("Corpus", [DETAIL], "study", 12) == ""
    assert fit_title("Corpus", [DETAIL, "14 here · all judged"], "study", 40) == "14 here · all judged"


@given(st.text(max_size=20), st.lists(st.text(min_size=1, max_size=12), max_size=5), st.integers(1, 90))
def test_what_is_shown_has_room(title: str, parts: list[str], room: int) -> None:
    told = fit_title(title, [" · ".join(parts)], parts[0] if parts else "", room)
    assert not told or cell_len(safe_text(f"{FRONT}{title}  {told}")) <= room
