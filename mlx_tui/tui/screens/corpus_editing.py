"""Changing what belongs to a study: repositories are added, and removed after a question; the clone cache is pruned."""

import shlex
from abc import abstractmethod
from collections.abc import Callable, Sequence

from textual import on, work
from textual.message import Message

from mlx_tui.corpus.entries import CorpusError
from mlx_tui.counted import counted
from mlx_tui.error_text import error_text
from mlx_tui.study import StudyError
from mlx_tui.tui.presentation.attempt_text import size_text
from mlx_tui.tui.presentation.corpus_row import CorpusRow
from mlx_tui.tui.screens.base import StudyScreen
from mlx_tui.tui.screens.modals import Confirm, TextPrompt


class Edited(Message):
    """Something was added, removed or deleted, or why not."""

    def __init__(self, text: str, *, failed: bool = False) -> None:
        """Keeps what happened."""
        super().__init__()
        self.text, self.failed = text, failed


class Asked(Message):
    """What a question is about was found out."""

    def __init__(self, question: str, detail: str, then: Callable[[], object]) -> None:
        """Keeps the question, and what yes does."""
        super().__init__()
        self.question, self.detail, self.then = question, detail, then


class CorpusEditingScreen(StudyScreen):
    """A screen that shows the corpus, and can change it."""

    @abstractmethod
    def chosen_rows(self) -> Sequence[CorpusRow]:
        """The marked repositories, or else the one under the cursor."""

    def do_add(self) -> None:
        """Asks for repositories to add."""

        def typed(text: str | None) -> None:
            if text and text.strip():
                self.status("adding …", "accent")
                self._add(text)

        detail = "URLs, paths of clones or of folders of clones, or CSVs with a column url; several with spaces between"
        self.app.push_screen(TextPrompt("Add repositories", detail, several=True), typed)

    @work(thread=True, group="edit")
    def _add(self, text: str) -> None:
        def add() -> str:
            new, again = self.study.corpus.add(shlex.split(text))
            known = f"; {len(again)} are in the corpus already" if again else ""
            then = f"; {self.keys.label('corpus.fetch')} clones what is missing" if new else ""
            return f"added {len(new)} {'repository' if len(new) == 1 else 'repositories'}{known}{then}"

        self._do_edit(add)

    def do_remove(self) -> None:
        """Asks, then removes the chosen repositories from the corpus."""
        repos = [row.result.repo for row in self.chosen_rows()]

        def answered(yes: bool | None) -> None:
            if yes:
                self._remove(repos)

        what = repos[0] if len(repos) == 1 else counted(len(repos), "repository")
        detail = "Its row of corpus.csv goes; clones, judgements and attempts stay on disk."
        self.app.push_screen(Confirm(f"Remove {what} from the corpus?", detail), answered)

    @work(thread=True, group="edit")
    def _remove(self, repos: Sequence[str]) -> None:
        def remove() -> str:
            for repo in repos:
                self.study.corpus.remove(repo)
            return f"removed {repos[0] if len(repos) == 1 else counted(len(repos), 'repository')}"

        self._do_edit(remove)

    def do_prune(self) -> None:
        """Looks which clones this study doesn't use, then asks."""
        self.status("looking at the clone cache …", "accent")
        self._look_at_cache()

    @work(thread=True, group="edit")
    def _look_at_cache(self) -> None:
        def look() -> str:
            from mlx_tui.study.pruning import find_unused

            unused = find_unused(self.study.corpus.cache, self.study.corpus.clones())
            if not unused.clones and not unused.images:
                return "the clone cache holds this study's clones alone"
            what = f"{counted(len(unused.clones), 'clone')} ({size_text(sum(clone.size for clone in unused.clones))})"
            if unused.images:
                what += f" and {len(unused.images)} images"
            detail = "This study doesn't use them. Other studies that do would have to fetch them again."
            self.post_message(Asked(f"Delete {what} from the cache?", detail, self._prune))
            return f"{what} of the cache aren't used by this study"

        self._do_edit(look)

    @on(Asked)
    def _ask(self, event: Asked) -> None:
        def answered(yes: bool | None) -> None:
            if yes:
                event.then()

        self.app.push_screen(Confirm(event.question, event.detail), answered)

    @work(thread=True, group="edit")
    def _prune(self) -> None:
        def delete() -> str:
            from mlx_tui.study.pruning import prune

            pruned = prune(self.study.corpus.cache, self.study.corpus.clones())
            images = f" and {counted(len(pruned.images), 'image')}" if pruned.images else ""
            return f"deleted {counted(len(pruned.clones), 'clone')}{images} from the cache"

        self._do_edit(delete)

    def _do_edit(self, job: Callable[[], str]) -> None:
        try:
            edited = Edited(job())
        except (CorpusError, StudyError, OSError, ValueError) as error:
            edited = Edited(f"nothing was changed: {error_text(error)}", failed=True)
        self.post_message(edited)

    @on(Edited)
    def _edited(self, event: Edited) -> None:
        self.status(event.text, "bad" if event.failed else "good")
        if event.failed:
            self.complain(event.text, error=True)
        else:
            self.inform(event.text)  # the new rows put the line's text soon in place of this
            self.mlx_app.changed()
            self.reload()
