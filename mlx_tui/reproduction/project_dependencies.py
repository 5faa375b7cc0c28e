"""Dependencies in `pyproject.toml`, `Pipfile`, `setup.py`, `setup.cfg` as pip requirements; nothing of them is run."""

import re

from mlx_tui.formats.setup_files import parse_setup_cfg, parse_setup_py
from mlx_tui.formats.toml_lines import TomlError, load_toml
from mlx_tui.reproduction.worktree import WorkTree

Table = dict[str, object]


def pyproject_requirements(text: str) -> tuple[str, tuple[str, ...]] | None:
    """Reads what a `pyproject.toml` needs at run time: PEP 621, or Poetry.

    Returns:
        The interpreter asked for (empty where none is) and the requirements; None where the file lists neither or
        isn't TOML.
    """
    document = _document(text)
    project, poetry = _table(document, "project"), _table(document, "tool", "poetry", "dependencies")
    listed = project.get("dependencies")
    requirements = [item for item in listed if isinstance(item, str)] if isinstance(listed, list) else []
    python = project.get("requires-python")
    if not requirements and poetry:
        requirements = [line for name, value in poetry.items() if (line := poetry_requirement(name, value))]
    asked = python if isinstance(python, str) else _python_of(poetry.get("python"))
    return (asked, tuple(requirements)) if requirements or asked else None


def pipfile_requirements(text: str) -> tuple[str, tuple[str, ...]] | None:
    """Reads a `Pipfile` as `pyproject_requirements` does."""
    document = _document(text)
    packages, requires = _table(document, "packages"), _table(document, "requires")
    lines = tuple(line for name, value in packages.items() if (line := poetry_requirement(name, value)))
    python = requires.get("python_full_version") or requires.get("python_version")
    return (python if isinstance(python, str) else "", lines) if lines else None


def setup_requirements(text: str, *, cfg: bool) -> tuple[str, tuple[str, ...]] | None:
    """Reads a `setup.py`'s or `setup.cfg`'s requirements as `pyproject_requirements` does."""
    listed = parse_setup_cfg(text) if cfg else parse_setup_py(text)
    lines = tuple(package.text for package in listed.packages if package.text)
    asked = listed.interpreter.text if listed.interpreter else ""
    return (asked, lines) if lines else None


def console_scripts(tree: WorkTree) -> dict[str, str]:
    """The commands that the root's `pyproject.toml` declares, each with the module that it runs."""
    document = _document(tree.read_text("pyproject.toml"))
    declared = _table(document, "project", "scripts") | _table(document, "tool", "poetry", "scripts")
    return {name: value.split(":")[0] for name, value in declared.items() if isinstance(value, str)}


def poetry_requirement(name: str, value: object) -> str:
    """One entry of a Poetry or Pipenv table as a requirement; empty for Python itself, paths and optional ones."""
    if name.lower() == "python":
        return ""
    if isinstance(value, str):
        return name + _poetry_specifier(value)
    if isinstance(value, list) and value:
        return poetry_requirement(name, value[0])
    if not isinstance(value, dict) or value.get("optional") or "path" in value:
        return ""
    extras = value.get("extras")
    named = f"{name}[{','.join(map(str, extras))}]" if isinstance(extras, list) and extras else name
    git, url, version = value.get("git"), value.get("url"), value.get("version")
    if isinstance(git, str):
        ref = next((value[key] for key in ("rev", "tag", "branch", "ref") if isinstance(value.get(key), str)), "")
        return f"{named} @ git+{git}" + (f"@{ref}" if ref else "")
    if isinstance(url, str):
        return f"{named} @ {url}"
    marker = value.get("markers")
    suffix = f" ; {marker}" if isinstance(marker, str) else ""
    return named + (_poetry_specifier(version) if isinstance(version, str) else "") + suffix


def _poetry_specifier(text: str) -> str:
    """Poetry's version constraint by PEP 440. Rule: Poetry's documentation, "Version constraints"."""
    first = text.split("||")[0].strip()
    if first in ("*", ""):
        return ""
    return ",".join(_poetry_part(part.strip()) for part in first.split(",") if part.strip())


def _poetry_part(part: str) -> str:
    match = re.match(r"^(\^|~(?!=))\s*v?([0-9]{1,9}(?:\.[0-9]{1,9})*)(.*)$", part)
    if match is None:
        return f"=={part}" if re.match(r"^\d", part) else part.replace(" ", "")
    operator, numbers, rest = match.groups()
    parts = [int(number) for number in numbers.split(".")]
    if operator == "~":
        position = 1 if len(parts) > 1 else 0
    else:
        position = next((index for index, number in enumerate(parts) if number), len(parts) - 1)
    upper = [*parts[:position], parts[position] + 1]
    return f">={numbers}{rest},<{'.'.join(map(str, upper))}"


def _python_of(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("version")
    return value if isinstance(value, str) else ""


def _document(text: str) -> Table:
    """The values of a TOML text; none where it isn't TOML."""
    try:
        return load_toml(text)
    except TomlError:
        return {}


def _table(document: Table, *path: str) -> Table:
    value: object = document
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}
