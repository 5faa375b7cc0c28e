"""Where in a TOML text a key stands: `tomllib` tells no positions, and an error that names no line helps nobody."""

import re

_HEADER = re.compile(r"\s*\[\[?\s*([\w.\"-]+)\s*\]\]?")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]|\[\.\.\.\]")


def line_of_path(text: str, path: str) -> tuple[int, str]:
    """Finds the line of a path as msgspec writes it.

    Args:
        text: The TOML document.
        path: For example `$.feature[3].rule[0].calls`.

    Returns:
        The line from 1 (of the key, else of the table that should hold it), and the key's name.
    """
    steps = [(name, int(index) if index else None) for name, index in _STEP.findall(path)]
    lines = text.split("\n")
    position, end, key, table = 0, len(lines), "document", ""
    for number, (name, index) in enumerate(steps):
        if index is not None:
            continue
        key = name
        name_in_full = f"{table}.{name}" if table else name
        following = steps[number + 1][1] if number + 1 < len(steps) else None
        headers = [row for row in range(position, end) if _header(lines[row]) == name_in_full]
        if not headers:
            return _key_line(lines, position, end, name) + 1, key
        table = name_in_full
        chosen = headers[following] if following is not None and following < len(headers) else headers[0]
        end = next((row for row in headers if row > chosen), end)
        position = chosen
    return position + 1, key


def _header(line: str) -> str | None:
    match = _HEADER.match(line)
    return match[1].replace('"', "") if match else None


def _key_line(lines: list[str], start: int, end: int, key: str) -> int:
    pattern = re.compile(rf'\s*"?{re.escape(key)}"?\s*[=.]')
    return next((row for row in range(start, end) if pattern.match(lines[row])), start)
