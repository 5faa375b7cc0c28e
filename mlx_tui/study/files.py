"""The files of a study's clones, for reading: their bytes and lines, a copy for an editor, their page on the web."""

import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mlx_tui.corpus.forge import page_of
from mlx_tui.corpus.git import origin_url
from mlx_tui.corpus.model import Clone
from mlx_tui.corpus.urls import local_folder
from mlx_tui.detection.repository import GitError, tracked_files
from mlx_tui.detection.source import size_limit
from mlx_tui.formats.notebook import NotebookError, parse_notebook
from mlx_tui.formats.notebook_script import notebook_script
from mlx_tui.safe_text import safe_text
from mlx_tui.study.corpus import Corpus
from mlx_tui.study.errors import StudyError
from mlx_tui.study.places import Place
from mlx_tui.text_files import UnreadableError, decode, read_regular

_UNUSUAL = re.compile(r"[^\w.+-]")


@dataclass(frozen=True, slots=True)
class ReadingCopy:
    """A copy of a file for an editor: the clone stays as it is, so that the evidence can't be changed.

    Attributes:
        path: A read-only file, alone in a folder that only the user can enter; its name tells an editor the language.
        line: The line in it, from 1.
    """

    path: Path
    line: int


class Files:
    """What can be read of the clones of a study.

    Args:
        corpus: The study's repositories.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def read(self, repo: str, path: str) -> bytes:
        """The bytes of a regular file inside a clone.

        Raises:
            StudyError: It isn't there, isn't a regular file, or is larger than is read.
        """
        _, root = self._root(repo)
        try:
            return read_regular(root, path, size_limit(path))
        except UnreadableError as error:
            raise StudyError(f"{safe_text(path)}: {error}") from error

    def names(self, repo: str) -> tuple[str, ...]:
        """The regular files that the commit holds, as git names them.

        Raises:
            StudyError: There is no clone.
        """
        clone, root = self._root(repo)
        try:
            return tracked_files(root, clone.commit)
        except GitError as error:
            raise StudyError(f"{clone.repo}: {error}") from error

    def lines(self, repo: str, path: str, cell: int | None) -> list[str]:
        """The lines of a file, or of one cell of a notebook.

        Raises:
            StudyError: As `read`, or the notebook is broken or has no such cell.
        """
        data = self.read(repo, path)
        if cell is None:
            return _lines(decode(data))
        try:
            notebook = parse_notebook(data)
        except NotebookError as error:
            raise StudyError(f"{safe_text(path)} isn't a notebook: {error}") from error
        found = next((candidate for candidate in notebook.cells if candidate.index == cell), None)
        if found is None:
            raise StudyError(f"{safe_text(path)} has no cell {cell}")
        return _lines(found.source)

    def copy(self, repo: str, place: Place) -> ReadingCopy:
        """Copies a file into a new temporary folder; a notebook as a script. Who calls removes the folder.

        Raises:
            StudyError: As `read`.
            OSError: The copy can't be written.
        """
        data = self.read(repo, place.path)
        name, line = _UNUSUAL.sub("_", PurePosixPath(place.path).name), place.line
        if place.path.lower().endswith(".ipynb"):
            try:
                script = notebook_script(parse_notebook(data))
            except NotebookError:
                pass  # its text is what can be read of it
            else:
                data, name = script.text.encode("utf-8", "replace"), name + script.suffix
                line = script.line_of(place.cell, place.line)
        folder = Path(tempfile.mkdtemp(prefix="mlx-tui-"))
        try:
            target = folder / name
            target.write_bytes(data)
            target.chmod(0o400)
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return ReadingCopy(target, line)

    def page(self, repo: str, place: Place) -> str:
        """The address of a file at its pinned commit on the web.

        Raises:
            StudyError: The repository comes from no server whose pages are known.
        """
        clone = self._corpus.clone(repo)
        url = clone.url
        folder = local_folder(url)
        if folder is not None:
            url = origin_url(folder) if folder.is_dir() else ""
        address = page_of(url, clone.commit, place.path, place.line)
        if not address:
            raise StudyError(f"{clone.repo} comes from no forge whose pages are known: {safe_text(clone.url)}")
        return address

    def _root(self, repo: str) -> tuple[Clone, Path]:
        clone = self._corpus.clone(repo)
        if clone.path is None or not os.path.isdir(clone.path):  # noqa: PTH112 - a str is quicker
            raise StudyError(f"{clone.repo} has no clone: {clone.error or 'run `mlx-tui fetch`'}")
        return clone, clone.path


def _lines(text: str) -> list[str]:
    r"""The lines as detection counts them: ended by `\n`, `\r\n` or `\r`, and by nothing else."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines and not lines[-1] else lines
