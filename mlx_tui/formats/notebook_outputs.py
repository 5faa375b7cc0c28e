"""The stored outputs of a notebook's cells, of nbformat 3 and 4, read as tolerantly as the cells themselves."""

import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from mlx_tui.formats.notebook import MAX_CELLS, cells_of, joined_text

_ESCAPES = re.compile(r"\x1b\[[0-?]{0,64}[ -/]{0,8}[@-~]")
# What nbformat 3 calls its parts (nbformat's documentation, "Backward-compatible changes").
_OLD_NAMES = {
    "text": "text/plain",
    "html": "text/html",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "svg": "image/svg+xml",
}


class OutputKind(StrEnum):
    """What an output is."""

    TEXT = "text"
    IMAGE = "image"
    HTML = "HTML"
    ERROR = "error"
    OTHER = "other"
    """A widget, a plot of JavaScript, …; its text stands beside it in most notebooks."""


@dataclass(frozen=True, slots=True)
class Output:
    """One output of a cell.

    Attributes:
        kind: What it is.
        media_type: Of what is shown for it, `text/plain`.
        text: Raw text, without the colours of a terminal; empty for an image.
        size: Characters stored for what is shown, an image's in base64.
    """

    kind: OutputKind
    media_type: str
    text: str
    size: int

    @property
    def lines(self) -> list[str]:
        """The text's lines."""
        return self.text.rstrip("\n").split("\n") if self.text.strip() else []


def read_outputs(data: bytes) -> dict[int, tuple[Output, ...]]:
    """Reads the outputs of each cell that has some, by the cell's index.

    Args:
        data: The notebook's bytes.

    Raises:
        NotebookError: The bytes aren't a notebook.
    """
    cells = enumerate(cells_of(data)[:MAX_CELLS])
    return {
        index: found
        for index, cell in cells
        if isinstance(cell, dict) and (found := tuple(_outputs(cell.get("outputs"))))
    }


def describe_outputs(outputs: tuple[Output, ...]) -> str:
    """Says what outputs there are: `2 lines of text, 1 image`."""
    lines = sum(len(output.lines) for output in outputs if output.kind is OutputKind.TEXT)
    kinds = Counter(output.kind for output in outputs)
    said = [_counted(lines, "line") + " of text"] if lines else []
    said += [_counted(kinds[OutputKind.IMAGE], "image")] if kinds[OutputKind.IMAGE] else []
    said += [_counted(kinds[OutputKind.HTML], "HTML view")] if kinds[OutputKind.HTML] else []
    said += [_counted(kinds[OutputKind.OTHER], "other")] if kinds[OutputKind.OTHER] else []
    said += [f"error {output.text.partition(':')[0]}" for output in outputs if output.kind is OutputKind.ERROR]
    return ", ".join(said) or "nothing to see"


def _counted(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 or word == 'other' else 's'}"


def _outputs(stored: object) -> list[Output]:
    return [_output(output) for output in stored if isinstance(output, dict)] if isinstance(stored, list) else []


def _output(output: dict[str, object]) -> Output:
    if output.get("output_type") in {"error", "pyerr"}:
        name, value = joined_text(output.get("ename")), joined_text(output.get("evalue"))
        trace = output.get("traceback")
        text = "\n".join(joined_text(line) for line in trace) if isinstance(trace, list) else ""
        return _made(OutputKind.ERROR, "text/plain", f"{name}: {value}\n{text}".rstrip("\n"))
    if output.get("output_type") == "stream":
        return _made(OutputKind.TEXT, "text/plain", joined_text(output.get("text")))
    data = output.get("data")
    parts = data if isinstance(data, dict) else {new: output[old] for old, new in _OLD_NAMES.items() if old in output}
    return _richest({str(name): value for name, value in parts.items()})


def _richest(parts: dict[str, object]) -> Output:
    """What Jupyter would show: an image before a page before text."""
    plain = joined_text(parts.get("text/plain"))
    for name, value in parts.items():
        if name.startswith("image/"):
            return Output(OutputKind.IMAGE, name, "", len(joined_text(value)))
    if "text/html" in parts:
        return Output(OutputKind.HTML, "text/html", _ESCAPES.sub("", plain), len(joined_text(parts["text/html"])))
    if plain and all(name.startswith("text/") for name in parts):
        return _made(OutputKind.TEXT, "text/plain", plain)
    name, value = next(((name, value) for name, value in parts.items() if name != "text/plain"), ("", ""))
    return Output(OutputKind.OTHER, name, _ESCAPES.sub("", plain), _stored(value))


def _stored(value: object) -> int:
    return len(value) if isinstance(value, str) else len(msgspec.json.encode(value))


def _made(kind: OutputKind, media_type: str, text: str) -> Output:
    return Output(kind, media_type, _ESCAPES.sub("", text), len(text))
