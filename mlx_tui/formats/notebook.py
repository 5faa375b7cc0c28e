"""Jupyter notebooks of nbformat 3 and 4, read tolerantly: a hostile or broken notebook raises one error, no other.

nbformat itself validates the whole document against a schema, which is slow and refuses what can still be read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import msgspec

MAX_CELLS = 20_000
_BOM = b"\xef\xbb\xbf"


class NotebookError(ValueError):
    """The bytes aren't a notebook: empty, not JSON, or not of a notebook's shape."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        index: Position over all cells, from 0.
        kind: `code`, `markdown`, `raw` or `heading`.
        source: The cell's text.
        outputs: The text of its stored outputs, one string an output.
    """

    index: int
    kind: str
    source: str
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook's cells and its kernel's language in lower case (`python` where none is named)."""

    cells: tuple[Cell, ...]
    language: str
    python_version: str

    def code_cells(self) -> Iterator[Cell]:
        """Yields the code cells in order."""
        return (cell for cell in self.cells if cell.kind == "code")


class _Code(msgspec.Struct, omit_defaults=True):
    cell_type: str = ""
    source: str | list[str] | msgspec.UnsetType = msgspec.UNSET
    input: str | list[str] = ""


class _Sheet(msgspec.Struct, omit_defaults=True):
    cells: list[_Code] = []


class _Language(msgspec.Struct, omit_defaults=True):
    name: str = ""
    language: str = ""
    version: str = ""


class _Metadata(msgspec.Struct, omit_defaults=True):
    kernelspec: _Language | None = None
    language_info: _Language | None = None


class _Script(msgspec.Struct, omit_defaults=True):
    """What of a notebook its code needs: the rest, outputs first among it, is passed over and never in memory."""

    cells: list[_Code] | None = None
    worksheets: list[_Sheet] | None = None
    metadata: _Metadata | None = None


_script_decoder = msgspec.json.Decoder(_Script)


def parse_notebook(data: bytes) -> Notebook:
    """Parses a notebook.

    Args:
        data: The file's bytes (UTF-8, with or without a byte-order mark).

    Raises:
        NotebookError: The bytes aren't a notebook.
    """
    return _notebook(_document(data))


def parse_script(data: bytes) -> Notebook:
    """Parses a notebook whose outputs aren't asked for: its cells have none.

    Args:
        data: As for `parse_notebook`.

    Raises:
        NotebookError: The bytes aren't a notebook.
    """
    try:
        script = _script_decoder.decode(data.removeprefix(_BOM))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):  # not as nbformat says: read as tolerantly
        notebook = parse_notebook(data)
        return replace(notebook, cells=tuple(replace(cell, outputs=()) for cell in notebook.cells))
    return _notebook(msgspec.to_builtins(script))


def _notebook(document: dict[str, object]) -> Notebook:
    raw = _raw_cells(document)
    metadata = document.get("metadata")
    return Notebook(
        tuple(_cell(index, cell) for index, cell in enumerate(raw[:MAX_CELLS]) if isinstance(cell, dict)),
        _language(metadata),
        joined_text(_item(_item(metadata, "language_info"), "version")),
    )


def cells_of(data: bytes) -> list[object]:
    """The cells as they are stored.

    Raises:
        NotebookError: The bytes aren't a notebook.
    """
    return _raw_cells(_document(data))


def _document(data: bytes) -> dict[str, object]:
    try:
        document = msgspec.json.decode(data.removeprefix(_BOM))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotebookError(str(error) or "not JSON") from error
    if not isinstance(document, dict):
        raise NotebookError("not a JSON object")
    return document


def _raw_cells(document: dict[str, object]) -> list[object]:
    raw, sheets = document.get("cells"), document.get("worksheets")
    if raw is None and isinstance(sheets, list):
        raw = [cell for sheet in sheets for cell in _items(sheet, "cells")]
    if not isinstance(raw, list):
        raise NotebookError("no list of cells")
    return raw


def _cell(index: int, cell: dict[str, object]) -> Cell:
    source = cell["source"] if "source" in cell else cell.get("input", "")
    outputs = tuple(text for output in _items(cell, "outputs") if (text := _output(output)))
    return Cell(index, joined_text(cell.get("cell_type")), joined_text(source), outputs)


def _output(output: object) -> str:
    data = _item(output, "data")
    parts = (_item(output, "text"), _item(data, "text/plain"), _item(output, "evalue"))
    return next((text for part in parts if (text := joined_text(part))), "")


def _language(metadata: object) -> str:
    named = _item(_item(metadata, "kernelspec"), "language") or _item(_item(metadata, "language_info"), "name")
    kernel = joined_text(_item(_item(metadata, "kernelspec"), "name")).lower()
    return joined_text(named).lower() or ("r" if kernel in {"ir", "r"} else "python")


def _item(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, dict) else None


def _items(value: object, key: str) -> list[object]:
    found = _item(value, key)
    return found if isinstance(found, list) else []


def joined_text(value: object) -> str:
    """A text that nbformat stores as a string or as a list of them; empty for anything else."""
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""
