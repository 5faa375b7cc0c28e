"""The plan: what would run, other commands and options, and running it for many repositories."""

from textual.pilot import Pilot
from textual.widgets import Input

from mlx_tui.reproduction.model import Cause, Outcome
from mlx_tui.study import Study
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.screens.attempt import AttemptScreen
from mlx_tui.tui.screens.attempts import AttemptsScreen
from mlx_tui.tui.screens.corpus import CorpusScreen
from mlx_tui.tui.screens.form import Form
from mlx_tui.tui.screens.modals import Confirm
from mlx_tui.tui.screens.plan import PlanScreen
from mlx_tui.tui.screens.planning import Started

from .attempt_making import finish, running
from .support import screen_text, until, until_shown


async def test_a_plan_says_what_would_run_and_from_where(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 50)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("p")
        await until_shown(pilot, "What is run")
        text = screen_text(app)
        assert "$ python train.py" in text and "read from MLproject:" in text
        assert "Environment" in text and "mlflow==" in text
        assert "Otherwise than the repository asks" in text and "Isolation" in text


async def opened_plan(app: MlxTuiApp, pilot: Pilot[None], repo: str) -> PlanScreen:
    screen = PlanScreen(repo)
    app.push_screen(screen)
    await until(pilot, lambda: screen.plan is not None)
    return screen


def fill(app: MlxTuiApp, **values: str) -> None:
    """Types into the form that is open."""
    form = app.screen
    assert isinstance(form, Form)
    names = [field.name for field in form._fields]
    for name, value in values.items():
        form.query_one(f"#field-{names.index(name)}", Input).value = value


async def test_choosing_an_alternative_and_typing_a_command(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 50)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        screen = await opened_plan(app, pilot, "sklearn-mlproject")
        first = screen.plan
        assert first is not None and screen.candidate == first.candidate == screen.under_cursor
        await pilot.press("j")
        await until(pilot, lambda: screen.plan is not None and screen.plan.candidate != first.candidate)
        await pilot.press("k")
        await until(pilot, lambda: screen.plan == first and screen.choice == screen.default)
        await pilot.press("j", "e")
        await until(pilot, lambda: isinstance(app.screen, Form))
        fill(app, command="python path.py --epochs 1", workdir="/etc")
        await pilot.press("enter")
        await until_shown(pilot, "one of the repository's, relative to its root")
        fill(app, workdir=".")
        await pilot.press("enter")
        await until(pilot, lambda: screen.plan is not None and screen.plan.candidate.source == "user")
        assert screen.plan is not None and screen.plan.candidate.steps[0].text.endswith("--epochs 1")
        assert "typed by you" in screen_text(app)
        await pilot.press("w")
        await until_shown(pilot, "network while it runs: off")


async def test_looking_at_a_way_chooses_nothing_and_choosing_is_marked_and_kept(app: MlxTuiApp) -> None:
    clone = app.study.corpus.clone("sklearn-mlproject")
    async with app.run_test(size=(160, 45)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        screen = await opened_plan(app, pilot, "sklearn-mlproject")
        first = screen.plan
        assert first is not None and "● python train.py --c" in screen_text(app)
        assert "11▶" in screen_text(app)  # the MLproject's line, beside the plan
        await pilot.press("j")
        await until_shown(pilot, "only looked at: c chooses it for this study, r chooses and runs it")
        assert screen.choice == screen.default and "15▶" in screen_text(app)
        await pilot.press("enter")
        await until_shown(pilot, "● python path.py")
        await until(pilot, lambda: app.study.attempts.choice(clone).candidate == screen.candidate)
        await pilot.press("k")
        await until(pilot, lambda: screen.plan == first)
        await pilot.press("space")
        await until(pilot, lambda: app.study.attempts.choice(clone).candidate is None)


async def test_a_command_of_ones_own_is_edited_in_its_place_and_removed(app: MlxTuiApp) -> None:
    clone = app.study.corpus.clone("sklearn-mlproject")
    async with app.run_test(size=(120, 50), notifications=True) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        screen = await opened_plan(app, pilot, "sklearn-mlproject")
        found = len(screen.table.model.rows)
        await pilot.press("D")
        await until_shown(pilot, "you didn't write this command")
        for command in ("pyhton train.py", "python train.py --mended"):
            await pilot.press("e")
            await until(pilot, lambda: isinstance(app.screen, Form))
            fill(app, command=command)
            await pilot.press("enter")
            await until_shown(pilot, f"● {command}")
        assert len(screen.table.model.rows) == found + 1
        await until(pilot, lambda: app.study.attempts.choice(clone) == screen.choice)
        await until(pilot, lambda: screen.plan is not None)
        await pilot.press("D")
        await until_shown(pilot, "Remove this command?")
        await pilot.press("y")
        await until(pilot, lambda: len(screen.table.model.rows) == found)
        await until(pilot, lambda: app.study.attempts.choice(clone) == screen.default)


async def test_parameters_and_options_change_the_plan_and_are_kept_with_the_study(app: MlxTuiApp) -> None:
    clone = app.study.corpus.clone("sklearn-mlproject")
    async with app.run_test(size=(120, 60), notifications=True) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        screen = await opened_plan(app, pilot, "sklearn-mlproject")
        await pilot.press("X")
        await until_shown(pilot, "nothing was chosen")
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, Form))
        fill(app, **{"parameter c": "0.25"})
        await pilot.press("enter")
        await until_shown(pilot, "$ python train.py --c 0.25 --l1-ratio 0.5 --seed 42")
        await pilot.press("m")
        await until_shown(pilot, "repairs: at most")
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, Form))
        fill(app, timeout="1h", repeat="2", as_of="2024-02-30")
        await pilot.press("enter")
        await until_shown(pilot, "versions as of: `2024-02-30` is not a date")
        fill(app, as_of="2024-02-28")
        await pilot.press("enter")
        await until_shown(pilot, "time limit: 1h isn't a whole number")
        fill(app, timeout="90")
        await pilot.press("tab", "tab", "tab", "tab", "tab", "space", "enter")
        await until_shown(pilot, "stopped after 1 min 30 s")
        text = screen_text(app)
        assert "leaves open: as of 2024-02-2" in text and "network while it runs: off" in text
        told = "chosen by you: the command, 90 s, versions as of 2024-02-28, network off, repair on, 2 runs"
        await until(pilot, lambda: told in screen_text(app))
        await until(pilot, lambda: app.study.attempts.choice(clone) == screen.choice)
    again = MlxTuiApp(Study(app.study.path))
    async with again.run_test(size=(120, 60)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        screen = await opened_plan(again, pilot, "sklearn-mlproject")
        assert told in screen_text(again)
        assert screen.table.current is not None and screen.table.current.candidate == screen.candidate
        await pilot.press("X")
        await until_shown(pilot, "Forget the choice, and 1 command that you wrote?")
        await pilot.press("y")
        await until_shown(pilot, "$ python train.py --c 0.5 --l1-ratio 0.5 --seed 42")
        await until(pilot, lambda: again.study.attempts.choice(clone) == screen.default)
        await until_shown(pilot, "nothing runs yet")
        assert "chosen by you" not in screen_text(again)


async def test_a_repository_that_says_nothing_of_how_it_is_run(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await until_shown(pilot, "lookalike")
        app.push_screen(PlanScreen("lookalike"))
        await until_shown(pilot, "There is no plan")
        await pilot.press("r")
        await until_shown(pilot, "there is no plan: the text says why")


async def test_many_repositories_are_run_from_the_corpus_and_what_was_done_is_not_done_again(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await until_shown(pilot, "lookalike")
        await pilot.press("/", *"lookalike", "enter", "space", "r")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        assert "Run the experiments of the 1 marked repository?" in screen_text(app)
        await pilot.press("y")
        await until_shown(pilot, "Of 1 repository: 0 executed as is, 0 after named repairs")
        (attempt,) = app.study.attempts.list()
        assert attempt.state.cause is Cause.NO_ENTRY_POINT
        await until_shown(pilot, "✗ failed")
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        corpus = app.screen_stack[-2]
        assert isinstance(corpus, CorpusScreen)
        begun = corpus._end_attempts
        await pilot.press("y")
        await until(pilot, lambda: corpus._end_attempts is not begun and not corpus.busy)
        assert app.study.attempts.list() == (attempt,)


async def test_a_plan_says_how_the_attempts_at_its_repository_stand(app: MlxTuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        screen = await opened_plan(app, pilot, "sklearn-mlproject")
        await until_shown(pilot, "nothing runs yet · r runs this plan")
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, AttemptsScreen))
        first = running(app.study, "sklearn-mlproject")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        await until_shown(pilot, "an attempt is running: a shows it · r runs this plan")
        second = running(app.study, "sklearn-mlproject")
        await until_shown(pilot, "2 attempts are under way: a shows them · r runs this plan")
        finish(first, outcome=Outcome.FAILED)
        finish(second, outcome=Outcome.REPRODUCED)
        await until_shown(pilot, "last attempt: ✓ reproduced · r runs this plan")
        await pilot.press("w")
        await until_shown(pilot, "last attempt: ✓ reproduced · chosen by you:")


async def test_a_plan_that_was_just_started_does_not_say_that_nothing_runs(app: MlxTuiApp) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        screen = await opened_plan(app, pilot, "sklearn-mlproject")
        await until_shown(pilot, "nothing runs yet")
        attempt = running(app.study, "sklearn-mlproject")
        screen.post_message(Started([attempt]))
        await until(pilot, lambda: isinstance(app.screen, AttemptScreen))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        await until_shown(pilot, "an attempt is running: a shows it")
        finish(attempt, outcome=Outcome.FAILED)
        await until_shown(pilot, "last attempt: ✗ failed")
