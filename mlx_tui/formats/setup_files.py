"""`install_requires` and `python_requires` of `setup.py` and `setup.cfg`, read without running anything."""

import ast
from collections.abc import Iterator

from mlx_tui.formats.ini import IniError, parse_ini
from mlx_tui.formats.packages import Bound, Package, PackageList
from mlx_tui.formats.python_syntax import parse_python
from mlx_tui.formats.requirements import parse_requirement
from mlx_tui.safe_text import storable

MAX_CHARACTERS = 500_000


def parse_setup_py(text: str) -> PackageList:
    """Parses a `setup.py`: lists of strings, also those that a name holds; nothing where it is broken."""
    if len(text) > MAX_CHARACTERS:
        return PackageList()
    tree = parse_python(text.lstrip("\ufeff"))
    if tree is None:
        return PackageList()
    names = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    packages: list[Package] = []
    interpreter: Bound | None = None
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and _called(call) == "setup":
            for keyword in _keywords(call, names):
                if keyword.arg in {"install_requires", "extras_require"}:
                    packages.extend(_requirements(keyword.value, names))
                elif keyword.arg == "python_requires":
                    value = _follow(keyword.value, names)
                    if isinstance(value, ast.Constant) and isinstance(value.value, str):
                        interpreter = Bound(storable(value.value), keyword.value.lineno)
    return PackageList(tuple(packages), interpreter=interpreter)


def parse_setup_cfg(text: str) -> PackageList:
    """Parses a `setup.cfg`; nothing where it is broken."""
    try:
        parser = parse_ini(text)
    except IniError:
        return PackageList()
    lines = text.split("\n")
    bodies = [parser.get("options", "install_requires", fallback="") or ""]
    if parser.has_section("options.extras_require"):
        bodies += [value or "" for _, value in parser.items("options.extras_require")]
    packages = tuple(_lines(bodies, lines))
    asked = parser.get("options", "python_requires", fallback=None)
    interpreter = Bound(asked, _line(lines, "python_requires", 1)) if asked else None
    return PackageList(packages, interpreter=interpreter)


def _called(call: ast.Call) -> str:
    function = call.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _keywords(call: ast.Call, names: dict[str, ast.expr]) -> Iterator[ast.keyword]:
    for keyword in call.keywords:
        if keyword.arg is not None:
            yield keyword
            continue
        expanded = _follow(keyword.value, names)
        for key, value in _pairs(expanded):
            yield ast.keyword(arg=key, value=value)


def _pairs(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, value


def _follow(node: ast.expr, names: dict[str, ast.expr]) -> ast.expr:
    for _ in range(5):
        if not isinstance(node, ast.Name) or node.id not in names:
            break
        node = names[node.id]
    return node


def _requirements(node: ast.expr, names: dict[str, ast.expr], depth: int = 0) -> Iterator[Package]:
    node = _follow(node, names)
    if depth > 20:
        return
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        for element in node.elts:
            yield from _requirements(element, names, depth + 1)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _requirements(value, names, depth + 1)
    elif isinstance(node, ast.BinOp):
        yield from _requirements(node.left, names, depth + 1)
        yield from _requirements(node.right, names, depth + 1)
    elif isinstance(node, ast.Starred):
        yield from _requirements(node.value, names, depth + 1)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        for offset, entry in enumerate(storable(node.value).split("\n")):
            if package := parse_requirement(entry.strip(), node.lineno + offset):
                yield package


def _lines(bodies: list[str], lines: list[str]) -> Iterator[Package]:
    for body in bodies:
        line = 1
        for entry in body.split("\n"):
            text = entry.partition("#")[0].strip()
            if text:
                line = _line(lines, text, line)
                if package := parse_requirement(text, line):
                    yield package


def _line(lines: list[str], text: str, start: int) -> int:
    return next((n for n in range(start, len(lines) + 1) if text in lines[n - 1]), start)
