"""Derives `mlx_tui/detection/mlflow_interface.json` from the signatures of MLflow's public callables.

Run by hand, with a JSON of version -> qualified name -> signature as `inspect.signature` writes it (methods of the
client as `MlflowClient.<method>`), which is gathered by importing each version in an environment of its own:

    python tools/mlflow_interface.py SIGNATURES.json mlx_tui/detection/mlflow_interface.json
"""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_RENAMED = frozenset({"request_id", "request_ids", "uc_table_name"})
"""Arguments that are still taken under the old name, by a decorator that a signature doesn't show."""
_UNDECIDED = ("mlflow.keras.",)
"""Modules whose functions are other ones with another Keras: the signatures of one installation don't speak for all."""
_OPEN, _CLOSE = "([{<", ")]}>"
_NAME = re.compile(r"(\*{0,2})(\w*)")

Signatures = Mapping[str, Mapping[str, str]]
Range = list[int]


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of one callable in one version.

    Attributes:
        named: Names by which an argument can be given, in order, `self` left out.
        required: Name to position of those without a default that a caller may give by position.
        open: Whether any other keyword is taken (`**kwargs`).
    """

    named: tuple[str, ...]
    required: dict[str, int]
    open: bool


def parse_signature(text: str) -> Parameters:
    """Parses a signature as `inspect.signature` writes it; defaults and annotations are skipped, whatever they are."""
    named: list[str] = []
    required: dict[str, int] = {}
    is_open, keyword_only = False, False
    for part in _split(text):
        match = _NAME.match(part)
        stars, name = match.groups() if match else ("", "")
        if stars == "**":
            is_open = True
        elif stars == "*":
            keyword_only = True
        elif name and not (name in {"self", "cls"} and not named):
            if not keyword_only and not _has_default(part):
                required[name] = len(named)
            named.append(name)
    return Parameters(tuple(named), required, is_open)


def _split(text: str) -> list[str]:
    """The parameters between the outer parentheses."""
    parts, depth, quote, start = [], 0, "", 0
    for position, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"" and depth:
            quote = char
        elif char in _OPEN:
            depth += 1
            start = position + 1 if depth == 1 else start
        elif char in _CLOSE and text[position - 1 : position + 1] != "->":
            depth -= 1
            if depth == 0:
                parts.append(text[start:position])
                break
        elif char == "," and depth == 1:
            parts.append(text[start:position])
            start = position + 1
    return [part.strip() for part in parts if part.strip()]


def _has_default(part: str) -> bool:
    depth, quote = 0, ""
    for char in part:
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth -= 1
        elif char == "=" and depth == 0:
            return True
    return False


def derive(signatures: Signatures) -> dict[str, object]:
    """The compact form: names and arguments that some sampled version lacks, with the first and last that has them."""
    versions = list(signatures)
    names = sorted({name for known in signatures.values() for name in known if _counts(name)})
    callables: dict[str, dict[str, object]] = {}
    for name in names:
        by_version = [signatures[version].get(name) for version in versions]
        entry = _entry([None if text is None else parse_signature(text) for text in by_version])
        if entry["in"] != [0, len(versions) - 1] or len(entry) > 1:
            callables[name] = entry
    return {"versions": versions, "names": callables}


def _counts(name: str) -> bool:
    return not name.startswith(_UNDECIDED) and not any(part.startswith("_") for part in name.split("."))


def _entry(by_version: Sequence[Parameters | None]) -> dict[str, object]:
    known = [number for number, parameters in enumerate(by_version) if parameters is not None]
    whole = [known[0], known[-1]]
    entry: dict[str, object] = {"in": whole}
    keywords, optional = {}, {}
    for name in dict.fromkeys(name for parameters in by_version if parameters for name in parameters.named):
        if name.startswith("_") or name in _RENAMED:
            continue
        taken = [n for n, p in enumerate(by_version) if p and (name in p.named or p.open)]
        if [taken[0], taken[-1]] != whole:
            keywords[name] = [taken[0], taken[-1]]
        demanded = [n for n, p in enumerate(by_version) if p and name in p.required]
        positions = {p.required[name] for p in by_version if p and name in p.required}
        if demanded == known[: len(demanded)] and len(demanded) in range(1, len(known)) and len(positions) == 1:
            optional[name] = [*positions, known[len(demanded)]]
    if keywords:
        entry["keywords"] = keywords
    if optional:
        entry["optional"] = optional
    return entry


def main(source: str, target: str) -> None:
    """Writes the compact form, one name a line."""
    derived = derive(json.loads(Path(source).read_text()))
    names = derived["names"]
    assert isinstance(names, dict)
    lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(entry)}" for name, entry in names.items())
    head = json.dumps(derived["versions"])
    Path(target).write_text(f'{{\n  "versions": {head},\n  "names": {{\n{lines}\n  }}\n}}\n')


if __name__ == "__main__":
    main(*sys.argv[1:3])
