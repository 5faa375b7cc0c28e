"""Fetching and scanning many repositories: in a thread, with progress, an estimate and a way to stop."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence

from textual import on, work
from textual.message import Message

from mlx_tui.corpus.entries import CorpusError
from mlx_tui.corpus.model import Clone, CloneStatus, FetchProgress
from mlx_tui.counted import counted
from mlx_tui.error_text import error_text
from mlx_tui.study import StudyError
from mlx_tui.study.scans import ScanProgress
from mlx_tui.tui.long_job import LongJob
from mlx_tui.tui.presentation.corpus_text import fetch_text
from mlx_tui.tui.screens.base import StudyScreen
from mlx_tui.tui.screens.modals import Confirm


class Progressed(Message):
    """Long work made a step."""

    def __init__(self, text: str) -> None:
        """Keeps what to show."""
        super().__init__()
        self.text = text


class WorkEnded(Message):
    """Long work ended."""

    def __init__(self, text: str, *, failed: bool = False, stopped: bool = False) -> None:
        """Keeps what came of it: whether something failed, and whether it was stopped before its end."""
        super().__init__()
        self.text, self.failed, self.stopped = text, failed, stopped


class LongWorkScreen(StudyScreen):
    """A screen that fetches and scans; `busy` says what it is doing."""

    def __init__(self) -> None:
        """Starts idle."""
        super().__init__()
        self._job = LongJob("")
        self._working = False

    @property
    def busy(self) -> str:
        """What it is doing; empty while idle."""
        return self._job.what if self._working else ""

    @abstractmethod
    def chosen_repositories(self) -> list[str]:
        """The repositories to work on; none for all."""

    def do_fetch(self) -> None:
        """Clones the marked repositories, or all that are missing."""
        self._begin("fetching")
        self._fetch(self.chosen_repositories() or None)

    def do_update(self) -> None:
        """Asks, then fetches the newest commits of the marked repositories, or of all."""
        repos = self.chosen_repositories() or None

        def answered(yes: bool | None) -> None:
            if yes:
                self._begin("updating")
                self._update(repos)

        count = (
            "all repositories" if repos is None else repos[0] if len(repos) == 1 else counted(len(repos), "repository")
        )
        detail = (
            "Their newest commits are pinned in place of those of now. Where one moved on, it is to be scanned again; "
            "judgements hold where their line is the same, the others are kept as outdated."
        )
        self.app.push_screen(Confirm(f"Fetch the newest commits of {count}?", detail), answered)

    def do_detect(self) -> None:
        """Scans the marked repositories, or all."""
        self._begin("scanning")
        self._scan(self.chosen_repositories() or None)

    def do_cancel(self) -> None:
        """Stops fetching or scanning, or what is being written."""
        if not self.busy:
            self.mlx_app.do_stop()
            return
        self._job.stop.set()
        self.status(f"stopping: {self.busy} …", "warn")

    def ask_to_stop(self, then: Callable[[], None]) -> None:
        """Asks before long work is stopped by leaving."""

        def answered(yes: bool | None) -> None:
            if yes:
                self._job.stop.set()
                then()

        self.app.push_screen(Confirm(f"Stop {self.busy}?", self.what_stays), answered)

    @property
    def what_stays(self) -> str:
        """What becomes of the work when the program is left."""
        return "What is done stays; the rest can be done later."

    def on_unmount(self) -> None:
        """Stops work that nobody would see the end of."""
        self._job.stop.set()

    def _begin(self, what: str) -> None:
        self._job, self._working = LongJob(what), True
        self.status(f"{what} …", "accent")

    @work(thread=True, group="long")
    def _fetch(self, repos: list[str] | None) -> None:
        def fetch() -> WorkEnded:
            clones = self.study.corpus.clones()
            total = sum(c.repo in repos if repos is not None else c.status is not CloneStatus.READY for c in clones)
            return self._fetched(self._clone(repos, total, update=False))

        self._do(fetch)

    @work(thread=True, group="long")
    def _update(self, repos: list[str] | None) -> None:
        def update() -> WorkEnded:
            before = {clone.repo: clone.commit for clone in self.study.corpus.clones()}
            total = len(before) if repos is None else len(repos)
            return self._updated(before, self._clone(repos, total, update=True))

        self._do(update)

    def _clone(self, repos: list[str] | None, total: int, *, update: bool) -> Sequence[Clone]:
        """Fetches, and tells each step."""
        job, finished = self._job, list[str]()

        def tell(progress: FetchProgress) -> None:
            if progress.clone is not None:
                finished.append(progress.repo)
            rest = job.estimate(len(finished), total)
            self._tell(fetch_text(progress, len(finished), total) + rest)

        return self.study.corpus.fetch(repos, update=update, on_progress=tell, cancelled=job.stop)

    @work(thread=True, group="long")
    def _scan(self, repos: list[str] | None) -> None:
        job, failures = self._job, list[str]()

        def tell(progress: ScanProgress) -> None:
            if progress.error:
                failures.append(f"{progress.repo}: {progress.error}")
            rest = job.estimate(progress.done, progress.total)
            self._tell(f"scanning {progress.done}/{progress.total}: {progress.repo}{rest}")

        def scan() -> WorkEnded:
            scans = self.study.scan(repos, on_progress=tell, cancelled=job.stop)
            failed = f", {len(failures)} failed: {failures[0]}" if failures else ""
            text = f"scanned {counted(len(scans), 'repository')}{failed}"
            return self._stopped(text, "corpus.detect", failed=bool(failures))

        self._do(scan)

    @property
    def _how_to_stop(self) -> str:
        return f" · {self.keys.label('corpus.cancel')} stops"

    def _fetched(self, clones: Sequence[Clone]) -> WorkEnded:
        failed = [clone for clone in clones if clone.status is CloneStatus.FAILED]
        text = f"fetched {sum(clone.status is CloneStatus.READY for clone in clones)}"
        text += f", failed {len(failed)}: {failed[0].repo}: {failed[0].error}" if failed else ""
        if any(clone.status is CloneStatus.MISSING for clone in clones):
            return self._stopped(text, "corpus.fetch", failed=bool(failed))
        then = f"; {self.keys.label('corpus.detect')} detects features" if not failed else ""
        return WorkEnded(text + then, failed=bool(failed))

    def _stopped(self, text: str, again: str, *, failed: bool) -> WorkEnded:
        """The end of work that the action `again` goes on with, where it was stopped."""
        if not self._job.stop.is_set():
            return WorkEnded(text, failed=failed)
        return WorkEnded(f"stopped; {text}; {self.keys.label(again)} goes on", failed=failed, stopped=True)

    def _updated(self, before: Mapping[str, str], clones: Sequence[Clone]) -> WorkEnded:
        failed = [clone for clone in clones if clone.status is CloneStatus.FAILED]
        moved = [clone for clone in clones if clone.status is CloneStatus.READY and clone.commit != before[clone.repo]]
        text = f"{len(moved)} of {len(clones)} moved on to a newer commit"
        then = f"; {self.keys.label('corpus.detect')} scans them" if moved else ""
        failures = (
            f"; failed {len(failed)}, which stay as they were: {failed[0].repo}: {failed[0].error}" if failed else ""
        )
        if any(clone.status is CloneStatus.MISSING for clone in clones):
            return self._stopped(text + failures, "corpus.update", failed=bool(failed))
        return WorkEnded(text + then + failures, failed=bool(failed))

    def _do(self, job: Callable[[], WorkEnded]) -> None:
        try:
            ended = job()
        except (CorpusError, StudyError, OSError) as error:
            ended = WorkEnded(f"stopped: {error_text(error)}", failed=True)
        self.post_message(ended)

    def _tell(self, text: str) -> None:
        """Shows a step, from any thread: so often as can be read, since each one costs the interface a paint."""
        if self._job.is_due():
            self.post_message(Progressed(text + self._how_to_stop))

    @on(Progressed)
    def _progressed(self, event: Progressed) -> None:
        if self.busy and not self._job.stop.is_set():
            self.status(event.text, "accent")

    @on(WorkEnded)
    def _ended(self, event: WorkEnded) -> None:
        self._working = False
        self.tell_end(event.text, "bad" if event.failed else "warn" if event.stopped else "good")
        self.mlx_app.changed(by_work=True)
        self.reload()
