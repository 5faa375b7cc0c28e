"""What the app writes, whichever screen is open: the CSVs and a report."""

from contextlib import suppress
from pathlib import Path

from textual import work
from textual.timer import Timer

from mlx_tui.annotation.journal import SaveReport
from mlx_tui.annotation.store import JournalError
from mlx_tui.corpus.entries import CorpusError
from mlx_tui.study import Study, StudyError
from mlx_tui.tui.judging_app import JudgingApp
from mlx_tui.tui.presentation.plan_text import counted
from mlx_tui.tui.screens.modals import TextPrompt

EXPORT_AFTER = 2.0
"""Seconds after the last change until findings.csv and results.csv are written."""


class WritingApp(JudgingApp):
    """An app on a study; what takes time runs in workers, and says on the open screen how it ended."""

    def __init__(self, study: Study) -> None:
        """Works on a study that was opened already."""
        super().__init__(study)
        self._export_timer: Timer | None = None

    def on_unmount(self) -> None:
        """Waits for judgements that are being written, and writes the CSVs where that was still to come."""
        self.judging.shutdown(wait=True)
        if self._export_timer is not None:
            with suppress(OSError, JournalError, StudyError, CorpusError):
                self.study.export()

    def changed(self) -> None:
        """Writes the CSVs soon: once for changes that follow each other closely."""
        if self._export_timer is not None:
            self._export_timer.stop()
        self._export_timer = self.set_timer(EXPORT_AFTER, self._export_now)

    def _export_now(self) -> None:
        self._export_timer = None
        self._export(quiet=True)

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

    def do_report(self) -> None:
        """Asks where to, and writes the report."""

        def typed(text: str | None) -> None:
            if text and text.strip():
                self._tell_done(f"writing {text.strip()} …", "accent")
                self._report(self.study.path / text.strip())

        detail = "A .html page or a .md file; relative to the study's folder"
        self.push_screen(TextPrompt("Write the report", detail, "report.html"), typed)

    @work(thread=True, group="export")
    def _report(self, path: Path) -> None:
        try:
            self.study.write_report(path)
        except (OSError, JournalError, StudyError, CorpusError) as error:
            self.call_from_thread(self.tell, f"no report: {error}", True)
        else:
            self.call_from_thread(self._tell_done, f"written: {path}")

    def _tell_done(self, text: str, role: str = "good") -> None:
        if self.open_screen is not None:
            self.open_screen.status(text, role)

    def do_export(self) -> None:
        """Writes the CSVs."""
        self._tell_done("writing results.csv and findings.csv …", "accent")
        self._export(quiet=False)

    @work(thread=True, group="export")
    def _export(self, *, quiet: bool) -> None:
        try:
            paths = self.study.export()
        except (OSError, JournalError, StudyError, CorpusError) as error:
            self.call_from_thread(self.tell, f"not exported: {error}", True)
            return
        if not quiet:
            self.call_from_thread(self._exported, paths)

    def _exported(self, paths: tuple[Path, ...]) -> None:
        self._tell_done(f"written: {', '.join(str(path) for path in paths)}")
