"""`corpus.csv`: the repositories of a study, one a row.

Columns: `url` (https, ssh, `file://` or a folder, relative to the file), optional `ref`, optional `repo` (a name in
place of the one derived from the URL); every other column is kept. An export of SEART-GHS, which has `name`
(`owner/name` on GitHub) and no `url`, is accepted as it is.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mlx_tui.corpus.model import CorpusEntry
from mlx_tui.corpus.urls import SCHEMES, folder_name, identity, is_url, local_folder, redacted, repo_name, scheme
from mlx_tui.json_file import replace_file
from mlx_tui.safe_text import csv_cell, csv_text, safe_record, safe_text

__all__ = ["CorpusError", "CorpusRead", "read_corpus", "read_corpus_notes", "repo_name", "write_corpus"]

_NAME = re.compile(r"[\w.~+-]+(?:/[\w.~+-]+)*")
_NUMBER = re.compile(r"[+-]\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?")
_MAX_BYTES = 500_000_000


class CorpusError(ValueError):
    """A list of repositories can't be read; the message names the file, the line and the column."""


@dataclass(frozen=True, slots=True)
class CorpusRead:
    """A corpus with what a person should know of how it was read.

    Attributes:
        entries: The repositories, in the file's order.
        notes: One sentence for each row that was merged into an earlier one.
    """

    entries: tuple[CorpusEntry, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: Mapping[str, str]


def read_corpus(path: Path) -> tuple[CorpusEntry, ...]:
    """Reads a corpus.

    Args:
        path: A CSV in UTF-8, with or without a byte-order mark.

    Returns:
        The repositories in the file's order; folders are absolute.

    Raises:
        CorpusError: The file isn't a corpus, or two different repositories have one name.
    """
    return read_corpus_notes(path).entries


def read_corpus_notes(path: Path) -> CorpusRead:
    """Reads a corpus as `read_corpus`, and says which rows were merged."""
    columns, rows = _read_rows(path)
    entries: dict[str, CorpusEntry] = {}
    lines: dict[str, int] = {}
    notes = []
    for row in rows:
        entry = _entry(path, columns, row)
        known = entries.get(entry.repo.lower())
        if known is None:
            entries[entry.repo.lower()], lines[entry.repo.lower()] = entry, row.line
            continue
        first = lines[entry.repo.lower()]
        _check_same(path, known, entry, first, row.line)
        entries[entry.repo.lower()] = _merged(known, entry)
        notes.append(f"{path.name}, line {row.line}: {safe_text(entry.repo)} is already on line {first}")
    return CorpusRead(tuple(entries.values()), tuple(notes))


def write_corpus(path: Path, entries: Sequence[CorpusEntry]) -> None:
    """Writes a corpus, atomically, every column of every entry kept.

    Raises:
        OSError: The folder is read-only, the disk is full, …; the file is as it was.
    """
    replace_file(path, corpus_bytes(entries, path.parent))


def corpus_bytes(entries: Sequence[CorpusEntry], folder: Path) -> bytes:
    """The content of a `corpus.csv`; folders below its own are relative to it, so that a study can be moved."""
    extra = list(dict.fromkeys(name for entry in entries for name, _ in entry.columns))
    named = {entry.repo: _needs_name(entry) for entry in entries}
    head = ["url", *(["ref"] if any(entry.ref for entry in entries) else [])]
    head += ["repo"] if any(named.values()) else []
    lines = [[*head, *extra]]
    for entry in entries:
        own = {
            "url": portable(entry.url, folder),
            "ref": entry.ref,
            "repo": entry.repo if named[entry.repo] else "",
        }
        cells = dict(entry.columns)
        lines.append([own[name] for name in head] + [cells.get(name, "") for name in extra])
    return csv_bytes(lines)


def csv_bytes(lines: Iterable[Sequence[str]]) -> bytes:
    """Encodes rows as CSV that no spreadsheet runs as a formula; line breaks within a cell stay."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([_cell(value) for value in line] for line in lines)
    return text.getvalue().encode("utf-8", "replace")


def located(url: str, folder: Path) -> str:
    """A URL as it is; a folder's path made absolute, from the folder of the file that names it."""
    if is_url(url):
        return url
    path = Path(url).expanduser() if url == "~" or url.startswith("~/") else Path(url)  # `~name` may name nobody
    return str((folder / path).absolute())


def portable(url: str, folder: Path) -> str:
    """A URL as it is; a path below `folder` made relative to it."""
    if is_url(url) or not Path(url).is_relative_to(folder.absolute()):
        return url
    return str(Path(url).relative_to(folder.absolute()))


def _cell(value: str) -> str:
    """A cell as `csv_cell` makes it, but with its line breaks and tabs, and numbers as numbers."""
    if _NUMBER.fullmatch(value):
        return value
    first, *others = re.split(r"(\r?\n|\t)", value)
    return csv_cell(first) + "".join(
        text if number % 2 == 0 else safe_record(text) for number, text in enumerate(others)
    )


def _read_rows(path: Path) -> tuple[list[str], list[_Row]]:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise CorpusError(f"{path}: larger than {_MAX_BYTES // 1_000_000} MB")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path}: not UTF-8 (byte {error.start}); save it as CSV UTF-8") from error
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[_Row] = []
    columns: list[str] = []
    start = 1
    try:
        for cells in reader:
            line, start = start, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = _columns(path, cells)
                continue
            if len(cells) > len(columns):
                raise CorpusError(f"{path}, line {line}: {len(cells)} cells, but the header has {len(columns)} columns")
            rows.append(_Row(line, {name: csv_text(cell) for name, cell in zip(columns, cells, strict=False)}))
    except csv.Error as error:
        raise CorpusError(f"{path}, line {start}: {error}") from error
    if not columns:
        raise CorpusError(f"{path}: empty; its first line must name the columns, at least `url`")
    return columns, rows


def _delimiter(text: str) -> str:
    """Spreadsheets of some countries save `;`; the header tells."""
    head = text.partition("\n")[0]
    return ";" if ";" in head and "," not in head else "\t" if "\t" in head and "," not in head else ","


def _columns(path: Path, cells: list[str]) -> list[str]:
    names = [csv_text(cell).strip() for cell in cells]
    own = [name.lower() if name.lower() in {"url", "ref", "repo"} else name for name in names]
    if "url" not in own and "name" not in own:
        seen = ", ".join(safe_text(name) for name in names[:8])
        raise CorpusError(f"{path}, line 1: no column `url` (nor `name`, as SEART-GHS has it); it has {seen}")
    twice = next((name for index, name in enumerate(own) if name and name in own[:index]), None)
    if twice:
        raise CorpusError(f"{path}, line 1: column `{safe_text(twice)}` is there twice")
    return [name or f"column {index}" for index, name in enumerate(own, 1)]


def _entry(path: Path, columns: list[str], row: _Row) -> CorpusEntry:
    place = f"{path}, line {row.line}"
    own = {"url", "ref", "repo"}
    if "url" in columns:
        url = located(row.cells.get("url", "").strip(), path.parent) if row.cells.get("url", "").strip() else ""
        if not url:
            raise CorpusError(f"{place}, column `url`: empty")
    else:
        name = row.cells.get("name", "").strip()
        if not re.fullmatch(r"[\w.-]+/[\w.-]+", name):
            raise CorpusError(f"{place}, column `name`: not `owner/name`: {safe_text(name) or 'empty'}")
        url = f"https://github.com/{name}"
    ref = row.cells.get("ref", "").strip()
    if ref.startswith("-"):
        raise CorpusError(f"{place}, column `ref`: not a branch, tag or commit: {safe_text(ref)}")
    repo = row.cells.get("repo", "").strip()
    if repo and not _is_name(repo):
        raise CorpusError(f"{place}, column `repo`: not a name like `owner/name`: {safe_text(repo)}")
    rest = tuple((name, row.cells.get(name, "")) for name in columns if name not in own)
    return CorpusEntry(repo or _derived_name(place, url), url, ref, rest)


def _is_name(repo: str) -> bool:
    return _NAME.fullmatch(repo) is not None and not any(part.strip(".") == "" for part in repo.split("/"))


def _derived_name(place: str, url: str) -> str:
    try:
        kind = scheme(url)
        if url.startswith("-") or (kind and kind not in SCHEMES):
            raise ValueError(f"only {', '.join(SCHEMES)} and folders can be fetched: {redacted(url)}")
        return repo_name(url)
    except ValueError as error:
        raise CorpusError(f"{place}, column `url`: {safe_text(str(error))}") from error


def _needs_name(entry: CorpusEntry) -> bool:
    """Whether the name doesn't follow from the URL's text alone, as that of a folder with an origin."""
    folder = local_folder(entry.url)
    return entry.repo != (folder_name(folder) if folder is not None else repo_name(entry.url))


def _check_same(path: Path, known: CorpusEntry, entry: CorpusEntry, first: int, line: int) -> None:
    place = f"{path}, line {line}"
    if identity(known.url) != identity(entry.url):
        raise CorpusError(
            f"{place}, column `url`: {safe_text(redacted(entry.url))} is another repository than "
            f"{safe_text(redacted(known.url))} on line {first}, but both are called {safe_text(entry.repo)}; "
            "give one of them another name in a column `repo`"
        )
    if known.ref and entry.ref and known.ref != entry.ref:
        raise CorpusError(
            f"{place}, column `ref`: {safe_text(entry.repo)} is on line {first} with another ref "
            f"({safe_text(known.ref)}); a study holds a repository at one commit, so keep one row, or give one of them "
            "another name in a column `repo`"
        )


def _merged(known: CorpusEntry, entry: CorpusEntry) -> CorpusEntry:
    """The first row, its empty cells filled from the second."""
    cells = dict(entry.columns)
    columns = tuple((name, value or cells.get(name, "")) for name, value in known.columns)
    return replace(known, ref=known.ref or entry.ref, columns=columns)
