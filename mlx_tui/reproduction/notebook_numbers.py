"""Numbers that a notebook printed, so that two executions of it can be compared."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mlx_tui.formats.notebook import NotebookError, cells_of, joined_text
from mlx_tui.text_files import UnreadableError, read_regular

MAX_NOTEBOOK = 64 << 20
MAX_NUMBERS = 2000
MOST_SHOWN = 50
"""An output with more numbers without a name shows data, not results."""

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_NAMED = re.compile(
    rf"(?<!\w)(?P<name>[A-Za-z_][\w./@%-]{{0,60}}(?: [\w()@/%-]{{1,40}}){{0,3}})['\"]?\s*[:=]\s*"
    r"(?:np\.)?(?:(?:float|int)\d*\()?"
    rf"(?P<number>{_NUMBER})(?![\w:/]|\.\d|-\d|,\d)(?!\s*(?:s|ms|µs|us|ns|sec|secs|seconds|min|minutes|h|it/s|MB|GB|kB)\b)"
)
_DECIMAL = re.compile(r"(?<![\w.:/-])[-+]?\d+\.\d+(?:[eE][-+]?\d+)?(?![\w:/]|\.\d)")
# What differs from run to run by its nature: times, identifiers, sizes of files, ports.
VOLATILE = re.compile(
    r"(?i)(?:^|[_./ ])(?:time|times|duration|seconds?|secs?|elapsed|runtime|latency|throughput|speed|eta|"
    r"timestamp|date|id|pid|port|uuid|bytes|memory|cpu)s?(?:$|[_./ ])|_time\b|^system/"
)


def read_numbers(path: Path) -> dict[str, float]:
    """Reads the numbers of a notebook's stored outputs: standard output and results, not standard error.

    Numbers are those printed as `name: value`, `name = value` or in a dict's repr; where there are none at all, every
    decimal number counts, but for those of tables and arrays. What differs by its nature (times, identifiers) is left
    out.

    Returns:
        Value by name; a name is `[3] accuracy` (third code cell that isn't empty), with ` (2)` for its second value.

    Raises:
        NotebookError: The file is no notebook, no regular file, or larger than `MAX_NOTEBOOK`.
    """
    texts = list(_texts(path))
    return _named(texts) or _unnamed(texts)


def _named(texts: list[tuple[int, str]]) -> dict[str, float]:
    found: dict[str, float] = {}
    seen: Counter[str] = Counter()
    for cell, text in texts:
        for match in _NAMED.finditer(text):
            name = match["name"].strip()
            if not VOLATILE.search(name):
                _add(found, seen, f"[{cell}] {name}", match["number"])
    return found


def _unnamed(texts: list[tuple[int, str]]) -> dict[str, float]:
    found: dict[str, float] = {}
    seen: Counter[str] = Counter()
    for cell, text in texts:
        numbers = _DECIMAL.findall(text)
        for number in numbers if len(numbers) <= MOST_SHOWN else ():
            _add(found, seen, f"[{cell}] number", number)
    return found


def _add(found: dict[str, float], seen: Counter[str], name: str, number: str) -> None:
    value = float(number)
    if len(found) < MAX_NUMBERS and math.isfinite(value):
        seen[name] += 1
        found[name if seen[name] == 1 else f"{name} ({seen[name]})"] = value


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    """Ordinal of the code cell and text, for each output that counts."""
    ordinal = 0
    for cell in read_cells(path):
        if cell.get("cell_type") != "code":
            continue
        if not joined_text(cell.get("source") or cell.get("input")).strip():
            continue
        ordinal += 1
        outputs = cell.get("outputs")
        for output in outputs if isinstance(outputs, list) else []:
            if isinstance(output, dict) and (text := _output(output)):
                yield ordinal, text


def read_cells(path: Path) -> list[dict[str, object]]:
    """The cells of a notebook of any version of its format, as they are in the file.

    Raises:
        NotebookError: The file is no notebook, no regular file, or larger than `MAX_NOTEBOOK`.
    """
    try:
        data = read_regular(path.parent, path.name, MAX_NOTEBOOK)
    except UnreadableError as error:
        raise NotebookError(f"{path.name}: {error}") from error
    return [cell for cell in cells_of(data) if isinstance(cell, dict)]


def _output(output: dict[str, object]) -> str:
    kind = output.get("output_type")
    if kind == "stream":
        return joined_text(output.get("text")) if output.get("name", output.get("stream")) == "stdout" else ""
    if kind in {"execute_result", "pyout"}:
        data = output.get("data")
        return joined_text(data.get("text/plain") if isinstance(data, dict) else output.get("text"))
    return ""
