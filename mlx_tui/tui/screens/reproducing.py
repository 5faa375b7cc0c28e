"""Running the experiments of many repositories from the corpus, a few at once; they go on when the program is left."""

import threading

from textual import work

from mlx_tui.reproduction.attempts import AttemptError
from mlx_tui.study.batch import Batch, BatchOptions, BatchProgress, BatchResult, three_numbers
from mlx_tui.tui.presentation.marks import outcome_text
from mlx_tui.tui.screens.long_work import LongWorkScreen, Progressed, WorkEnded
from mlx_tui.tui.screens.modals import Confirm

REPRODUCING = "reproducing"


class ReproducingScreen(LongWorkScreen):
    """A screen that runs the experiments of the chosen repositories, each by its plan."""

    def __init__(self) -> None:
        """Starts idle."""
        super().__init__()
        self._end_attempts = threading.Event()

    def do_reproduce(self) -> None:
        """Asks, then runs the marked repositories, or all."""
        chosen = self.chosen_repositories()
        marked = f"the {len(chosen)} marked {'repository' if len(chosen) == 1 else 'repositories'}"
        count = marked if chosen else "all repositories that are fetched and included"

        def answered(yes: bool | None) -> None:
            if yes:
                self._begin(REPRODUCING)
                self._end_attempts = threading.Event()
                self._reproduce(chosen or None)

        detail = (
            f"Each by its plan ({self.keys.label('corpus.plan')} shows it), {self.study.attempts.at_once} at once. "
            "Code of strangers runs, isolated as the plan says. Plans of which an attempt came to its own end "
            "aren't run again."
        )
        self.app.push_screen(Confirm(f"Run the experiments of {count}?", detail), answered)

    @property
    def what_stays(self) -> str:
        """Attempts that run go on without the program."""
        if self.busy == REPRODUCING:
            return (
                f"Attempts that run go on by themselves; {self.keys.label('corpus.reproduce')} goes on with the others."
            )
        return super().what_stays

    def do_cancel(self) -> None:
        """Stops the work; attempts that it runs are ended."""
        if self.busy == REPRODUCING:
            self._end_attempts.set()
            self.status("stopping: the processes of its attempts are being ended …", "warn")
        else:
            super().do_cancel()

    @work(thread=True, group="long")
    def _reproduce(self, repos: list[str] | None) -> None:
        job = self._job

        def tell(progress: BatchProgress) -> None:
            rest = job.estimate(progress.done, progress.total)
            counted = f"reproducing {progress.done}/{progress.total}"
            self.post_message(Progressed(f"{counted}: {progress.repo} {_told(progress)}{rest}{self._how_to_stop}"))

        def reproduce() -> WorkEnded:
            attempts = self.study.attempts
            options = BatchOptions(at_once=attempts.at_once)
            batch = Batch(attempts, self.study.runnable(repos), attempts.plan, options, tell)
            return _ended(batch.run(self._end_attempts, leave=job.stop), self.keys.label("corpus.reproduce"))

        try:
            self._do(reproduce)
        except AttemptError as error:
            self.post_message(WorkEnded(f"stopped: {error}", failed=True))


def _told(progress: BatchProgress) -> str:
    if progress.attempt is None:
        return f"not tried: {progress.error}"
    state = progress.attempt.state
    return f"{'before: ' if progress.before else ''}{outcome_text(state.outcome, state.phase)[0]}"


def _ended(result: BatchResult, key: str) -> WorkEnded:
    text = three_numbers(result.attempts)
    if result.left:
        text += f" {len(result.left)} weren't begun; {key} goes on with them."
    if result.errors:
        text += f" {len(result.errors)} couldn't be tried: {result.errors[0][0]}: {result.errors[0][1]}"
    return WorkEnded(text, failed=bool(result.errors), stopped=bool(result.left))
