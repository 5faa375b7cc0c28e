"""What the app writes, whichever screen is open: the CSVs, a report, a package."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from textual import on, work
from textual.message import Message
from textual.timer import Timer

from mlx_tui.annotation.journal import SaveReport
from mlx_tui.annotation.store import JournalError
from mlx_tui.corpus.entries import CorpusError
from mlx_tui.counted import counted
from mlx_tui.error_text import error_text
from mlx_tui.study import NotScanned, Study, StudyError
from mlx_tui.study.steps import Steps, WritingProgress, WritingStopped
from mlx_tui.tui.actions.keymap import KeyMap
from mlx_tui.tui.judging_app import JudgingApp
from mlx_tui.tui.long_job import LongJob
from mlx_tui.tui.screens.modals import TextPrompt

EXPORT_AFTER = 2.0
"""Seconds after the last change until findings.csv and results.csv are written."""


UNWRITABLE = (OSError, JournalError, StudyError, CorpusError)


class WritingStep(Message):
    """A step of writing is done."""

    def __init__(self, text: str) -> None:
        """Keeps what to show."""
        super().__init__()
        self.text = text


class Written(Message):
    """Writing ended."""

    def __init__(self, text: str, role: str) -> None:
        """Keeps what came of it, and its role: good, warn or bad."""
        super().__init__()
        self.text, self.role = text, role


class WritingApp(JudgingApp):
    """An app on a study; what takes time runs in workers, and says on the open screen how far it is and how it ended.

    Attributes:
        keys: Which keys do what.
        written: What is being written because the user asked for it.
    """

    keys: KeyMap

    def __init__(self, study: Study) -> None:
        """Works on a study that was opened already."""
        super().__init__(study)
        self._export_timer: Timer | None = None
        self._by_work = False
        self.written: LongJob | None = None

    def on_unmount(self) -> None:
        """Waits for judgements that are being written, and writes the CSVs where that was still to come."""
        if self.written is not None:
            self.written.stop.set()
        self.judging.shutdown(wait=True)
        if self._export_timer is not None:
            with suppress(*UNWRITABLE):
                self.study.export()

    def changed(self, *, by_work: bool = False) -> None:
        """Writes the CSVs soon: once for changes that follow each other closely.

        Args:
            by_work: Whether fetching or scanning changed something, after which it is no news that not everything is
                scanned yet.
        """
        self._by_work = by_work and (self._by_work or self._export_timer is None)
        if self._export_timer is not None:
            self._export_timer.stop()
        self._export_timer = self.set_timer(EXPORT_AFTER, self._export_now)

    def _export_now(self) -> None:
        self._export_timer = None
        self._export(self._by_work)

    def tell_report(self, report: SaveReport) -> None:
        """Tells what else happened to the judgements' file: others' changes, conflicts, rows that can't be read."""
        told = [f"read what others saved: {counted(len(report.updated), 'judgement')}"] if report.updated else []
        told += [f"{len(report.restored)} judgements that the file had lost are back"] if report.restored else []
        told += [
            f"two versions of {conflict.kept.key.feature} in {conflict.kept.key.repo}: the newer was kept"
            for conflict in report.conflicts
        ]
        told += list(report.notices)
        for text in told:
            self.tell(text, False)

    # What takes long: told, and stopped by a key

    def do_export(self) -> None:
        """Writes the CSVs."""
        self._begin("the CSVs", f"results.csv and findings.csv in {self.study.path}", self._write_csvs)

    def do_report(self) -> None:
        """Asks where to, and writes the report."""
        detail = "A .html page or a .md file; relative to the study's folder"
        self._ask("Write the report", detail, "report.html", self._write_report)

    def do_package(self) -> None:
        """Asks where to, and packs the study."""
        detail = "A .zip file with tables, codebook, report, plans, outcomes and logs; relative to the study's folder"
        self._ask("Pack the study for others", detail, "study.zip", self._write_package)

    def do_stop(self) -> None:
        """Stops writing; the files stay as they were."""
        if self.written is None:
            self.tell("nothing is being written", False)
        else:
            self.written.stop.set()
            self._show(f"stopping: {self.written.what} …", "warn")

    def _write_csvs(self, steps: Steps) -> str:
        self.study.export(steps)
        return ""

    def _write_report(self, path: Path, steps: Steps) -> str:
        self.study.write_report(path, steps)
        return ""

    def _write_package(self, path: Path, steps: Steps) -> str:
        """Packs the study with CSVs of now; returns what isn't as it should be."""
        told = []
        try:
            self.study.export(steps)
        except WritingStopped:
            raise
        except StudyError as error:
            told.append(str(error))
        packaged = self.study.package(path, steps)
        if packaged.left_out:
            told.append(f"left out: {', '.join(packaged.left_out)}")
        if packaged.local:
            told.append(f"{packaged.local} repositories are folders of this machine: others can't fetch them")
        return "".join(f"; {each}" for each in told)

    def _ask(self, title: str, detail: str, name: str, write: Callable[[Path, Steps], str]) -> None:
        def typed(text: str | None) -> None:
            if text and text.strip():
                path = self.study.path / Path(text.strip()).expanduser()
                self._begin(path.name, str(path), lambda steps: write(path, steps))

        if self._is_free():
            self.push_screen(TextPrompt(title, detail, name), typed)

    def _is_free(self) -> bool:
        if self.written is not None:
            self.tell(f"still {self.written.what}; {self.keys.label('app.stop')} stops it", False)
        return self.written is None

    def _begin(self, name: str, files: str, write: Callable[[Steps], str]) -> None:
        if self._is_free():
            self.written = LongJob(f"writing {name}")
            self._show(f"{self.written.what} …", "accent")
            self._write(self.written, files, write)

    @work(thread=True, group="export")
    def _write(self, job: LongJob, files: str, write: Callable[[Steps], str]) -> None:
        def tell(progress: WritingProgress) -> None:
            if job.is_due():
                how_far = f"{progress.what} {progress.done}/{progress.total}"
                self.post_message(WritingStep(f"{job.what}: {how_far}{job.estimate(progress.done, progress.total)}"))

        try:
            note = write(Steps(tell, job.stop))
        except WritingStopped:
            self.post_message(Written(f"stopped: {files} stay as they were", "warn"))
        except UNWRITABLE as error:
            self.post_message(Written(f"not written: {error_text(error)}", "bad"))
        else:
            self.post_message(Written(f"written: {files}{note}", "warn" if note else "good"))

    @on(WritingStep)
    def _stepped_on(self, event: WritingStep) -> None:
        if self.written is not None and not self.written.stop.is_set():
            self._show(f"{event.text} · {self.keys.label('app.stop')} stops", "accent")

    @on(Written)
    def _ended(self, event: Written) -> None:
        self.written = None
        if self.open_screen is not None:
            self.open_screen.tell_end(event.text, event.role)
            self.open_screen.update_hints()

    def _show(self, text: str, role: str) -> None:
        if self.open_screen is not None:
            self.open_screen.status(text, role)
            self.open_screen.update_hints()

    # What happens by itself

    @work(thread=True, group="export")
    def _export(self, by_work: bool) -> None:
        try:
            self.study.export()
        except NotScanned as error:
            if not by_work:
                self.call_later(self.tell, f"not exported: {error_text(error)}", True)
        except UNWRITABLE as error:
            self.call_later(self.tell, f"not exported: {error_text(error)}", True)
