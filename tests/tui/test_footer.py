"""The footer: what is most useful where one is, whole, as far as there is room; help and the way out always."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.reproduction.model import Cause, Outcome, Phase
from mlx_tui.study import Study
from mlx_tui.tui.actions.action import Action
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.presentation.footer import GAP, Hint, fitting, in_order

from .attempt_making import make_attempt, running
from .support import screen_text, until, until_shown

HINTS = st.builds(Hint, st.just(Action("a.b", (), "", "")), st.booleans(), st.booleans())


@given(st.lists(st.tuples(HINTS, st.integers(1, 20)), max_size=12), st.integers(0, 80))
def test_nothing_is_cut_and_what_can_be_done_comes_first(hints: list[tuple[Hint, int]], room: int) -> None:
    # Equal hints can't be told apart: each gets an action of its own.
    hints = [
        (Hint(Action(f"a.{at}", (), "", ""), hint.enabled, hint.kept), width) for at, (hint, width) in enumerate(hints)
    ]
    width_of = {hint.action.id: width for hint, width in hints}
    chosen = fitting(hints, room)
    kept = [hint for hint, _ in hints if hint.kept]
    assert all(hint in chosen for hint in kept)
    needed = sum(width_of[hint.action.id] + GAP for hint in chosen) - GAP
    assert needed <= room or chosen == kept
    assert [hint for hint, _ in hints if hint in chosen] == chosen
    if needed <= room:
        left = room - needed if chosen else room + GAP
        assert all(hint in chosen or width + GAP > left for hint, width in hints)


def test_the_likely_ones_then_by_rank() -> None:
    actions = [Action("a.one", (), "", "", 2), Action("a.two", (), "", "", 1), Action("a.three", (), "", "")]
    assert [each.name for each in in_order(actions, ())] == ["two", "three", "one"]
    assert [each.name for each in in_order(actions, ("a.one", "a.three"))] == ["one", "three", "two"]


@pytest.fixture
def study(demo_study: Study) -> Study:
    make_attempt(
        demo_study,
        "client-api",
        b"no\n",
        phase=Phase.FINISHED,
        outcome=Outcome.FAILED,
        cause=Cause.CODE,
        reason="no",
        evidence_line=1,
    )
    return demo_study


def footer(app: MlxTuiApp) -> str:
    return screen_text(app).splitlines()[-1].strip()


WAYS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "corpus": ((), "enter open  / filter  p plan  a attempts  . go on  E export  ? help  q quit", "enter open"),
    "repository": (
        ("enter",),
        "c confirm  r reject  u unsure  m missed  e note  esc back  ? help  q quit",
        "enter code  esc back  ? help  q quit",
    ),
    "code": (
        ("enter", "tab"),
        "c confirm  r reject  m missed  n next  u unsure  esc back  ? help  q quit",
        "c confirm  esc back  ? help  q quit",
    ),
    "plan": (
        ("p",),
        "r run  e edit  o options  R run 3×  m repair  ",
        "r run  e edit  esc back  ? help  q quit",
    ),
    "attempts": (
        ("a",),
        "enter open  / filter  tab repeats  . go on  E export  esc back",
        "enter open  esc back",
    ),
    "failed": (
        ("a", "enter"),
        "e error  i details  / search  tab metrics  ",
        "e error  esc back  ? help  q quit",
    ),
    "details": (("a", "enter", "i"), "↓ down  PgDn page down", "↓ down  esc back  ? help  q quit"),
    "overview": (("t",), "tab view  O report", "tab view  esc back  ? help  q quit"),
}


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_the_footer_of_each_screen(study: Study, name: str, size: tuple[int, int]) -> None:
    keys, wide, narrow = WAYS[name]
    app = MlxTuiApp(study)
    async with app.run_test(size=size) as pilot:
        await until_shown(pilot, "6/6")
        await until_shown(pilot, "enter open")
        for key in keys:
            screen = app.screen
            await pilot.press(key)
            await until(pilot, lambda before=screen, key=key: app.screen is not before or key == "tab")
        await until(pilot, lambda: footer(app).startswith(wide if size[0] == 80 else narrow))


async def test_a_running_attempt_can_be_cancelled_and_says_so_first(demo_study: Study) -> None:
    running(demo_study, "client-api", b"a line\n")
    app = MlxTuiApp(demo_study)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "6/6")
        await pilot.press("a")
        await until_shown(pilot, "⟳ running")
        await pilot.press("enter")
        await until(pilot, lambda: footer(app).startswith("x cancel  i details  / search  tab metrics"))


@pytest.mark.parametrize(
    ("state", "first"),
    [
        (lambda study: study, "enter open"),
        (lambda study: study.path.joinpath("corpus.csv").write_text("url\nhttps://example.com/a/b\n"), "f fetch"),
    ],
)
async def test_the_next_step_with_a_corpus_comes_first(
    demo_study: Study, state: Callable[[Study], object], first: str
) -> None:
    state(demo_study)
    app = MlxTuiApp(Study(demo_study.path))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: footer(app).startswith(first))


async def test_an_empty_study_says_how_to_add(tmp_path) -> None:
    app = MlxTuiApp(Study.create(tmp_path / "s"))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: footer(app).startswith("A add"))
