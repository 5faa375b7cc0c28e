"""A study as one archive: what another researcher needs to check it and to go on, and no clone.

Its files are those of a study's folder, so that the unpacked archive is a study: `mlx-tui fetch` gets the same commits.
An attempt's folder was open to the code that it ran: only regular files are taken from it, never what a link leads to.
"""

import hashlib
import os
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mlx_tui import __version__
from mlx_tui.config import FILE_NAME
from mlx_tui.corpus.clones_file import clones_bytes
from mlx_tui.corpus.entries import corpus_bytes
from mlx_tui.corpus.urls import local_folder, plain_name, redacted
from mlx_tui.detection.codebook_markdown import codebook_markdown
from mlx_tui.json_file import replacing
from mlx_tui.safe_text import safe_text
from mlx_tui.study.plan_choices import PLANS
from mlx_tui.study.steps import Steps
from mlx_tui.study.writing import SUFFIXES, report, results_of
from mlx_tui.text_files import UnreadableError, read_regular

if TYPE_CHECKING:
    from mlx_tui.study.study import Study

MAX_BYTES = 100_000_000
"""A larger file is left out, and named."""
LOG_END_BYTES = 1_000_000
"""How much of a log's beginning and of its end is kept."""
_TABLES = ("annotations.csv", "annotations.removed.csv", "findings.csv", "results.csv", FILE_NAME)
_OF_ATTEMPTS = ("plan.json", "state.json", "events.jsonl", "environment.txt", "runs.json", "usage.jsonl")
_LOG = "log"
_README = """\
A study of MLflow repositories, packaged on {date} by mlx-tui {version} with the codebook {codebook}.

corpus.csv, clones.csv       the repositories, and the commit at which each was read
annotations.csv              the human work; annotations.removed.csv: what was taken back
findings.csv, results.csv    the evidence, and one row a repository
report.html, report.md       the statistics, and how it was measured
codebook.md                  what was looked for
plans/                       what was chosen for the plans of repositories
attempts/                    plans, outcomes, environments, captured runs and logs of the reproduction attempts
SHA256SUMS                   `sha256sum -c SHA256SUMS` checks the files

To check it: unpack it, `mlx-tui fetch`, `mlx-tui scan`, `mlx-tui` in its folder. URLs are without passwords. Of a long
log the beginning and the end are kept. Clones, environments and what the runs wrote aren't in it.
"""


@dataclass(frozen=True, slots=True)
class Packaged:
    """What an archive holds.

    Attributes:
        files: How many files.
        left_out: What isn't in it although it was to be, with the reason.
        local: How many of the repositories are folders of this machine, which nobody else can fetch.
    """

    files: int
    left_out: tuple[str, ...]
    local: int


def write_package(study: "Study", path: Path, steps: Steps) -> Packaged:
    """Writes a study as a ZIP archive, atomically.

    Raises:
        WritingStopped: It was cancelled; the old one is as it was.
        OSError: It can't be written; the old one is as it was.
    """
    now = datetime.now(UTC)
    left_out: list[str] = []
    sums: list[str] = []
    with replacing(path) as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:

        def add(name: str, data: bytes) -> None:
            info = zipfile.ZipInfo(f"{plain_name(study.path.name) or 'study'}/{name}", now.timetuple()[:6])
            info.external_attr = 0o644 << 16
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
            sums.append(f"{hashlib.sha256(data).hexdigest()}  {name}\n")

        for name, data in _files(study, now, left_out, steps):
            add(name, data)
        add("SHA256SUMS", "".join(sums).encode())
    local = sum(local_folder(entry.url) is not None for entry in study.corpus.entries())
    return Packaged(len(sums), tuple(map(safe_text, left_out)), local)


def _files(study: "Study", now: datetime, left_out: list[str], steps: Steps) -> Iterator[tuple[str, bytes]]:
    attempts = study.attempts.list()
    steps.expect(len(study.corpus.entries()) + len(attempts))
    readme = _README.format(date=f"{now:%Y-%m-%d}", version=__version__, codebook=study.codebook.identity)
    yield "README.txt", readme.encode()
    entries, clones = study.corpus.entries_and_clones()
    yield "corpus.csv", corpus_bytes([replace(e, url=redacted(e.url)) for e in entries], study.path)
    yield "clones.csv", clones_bytes([replace(c, url=redacted(c.url)) for c in clones], study.path)
    own = study.options.codebook
    for name in (*_TABLES, *([own] if own else [])):
        yield from _file(study.path, name, left_out)
    yield "codebook.md", codebook_markdown(study.codebook).encode()
    results = results_of(study, steps)
    yield from ((f"report{suffix}", report(study, suffix, results).encode()) for suffix in SUFFIXES)
    for choice in sorted((study.path / PLANS).glob("*.json")):
        yield from _file(study.path, f"{PLANS}/{choice.name}", left_out)
    for attempt in steps.each("packing the attempts", attempts):
        folder = Path(attempt.folder)
        inside = folder.relative_to(study.path).as_posix()
        for name in _OF_ATTEMPTS:
            yield from ((f"{inside}/{found}", data) for found, data in _file(folder, name, left_out))
        yield from ((f"{inside}/{_LOG}", data) for data in _log(folder))


def _file(folder: Path, name: str, left_out: list[str]) -> Iterator[tuple[str, bytes]]:
    try:
        yield name, read_regular(folder, name, MAX_BYTES)
    except UnreadableError as error:
        if error.kind != "missing":
            left_out.append(f"{folder / name}: {error}")


def _log(folder: Path) -> Iterator[bytes]:
    """A log, of a long one its beginning and its end; it may be larger than memory."""
    try:
        handle = os.open(folder / _LOG, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return
    with os.fdopen(handle, "rb") as stream:
        status = os.fstat(handle)
        size = status.st_size
        if not stat.S_ISREG(status.st_mode):
            return
        if size <= 2 * LOG_END_BYTES:
            yield stream.read(2 * LOG_END_BYTES)
            return
        begin = stream.read(LOG_END_BYTES)
        stream.seek(-LOG_END_BYTES, os.SEEK_END)
        note = f"\n[{size - 2 * LOG_END_BYTES} bytes are left out here]\n"
        yield begin + note.encode() + stream.read(LOG_END_BYTES)
