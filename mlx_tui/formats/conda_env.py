"""conda environment files and MLflow's `python_env` files.

Formats: conda's documentation, "Managing environments"; MLflow's documentation, "MLflow Projects".
"""

import re
from dataclasses import dataclass, replace

import yaml

from mlx_tui.formats.packages import Bound, Package, PackageList, normalise
from mlx_tui.formats.requirements import parse_requirements
from mlx_tui.formats.yaml_lines import entries, get, items, line_of, scalar

_SPEC = re.compile(r"(?:[\w./-]+::)?([A-Za-z0-9._-]+)\s*(?:\[.*\])?\s*(.*)$")
_EXACT = re.compile(r"(={1,3})\s*([^\s=,|<>*]+)(?:\s*=\s*([^\s,|<>*]+))?$")
_SPACED = re.compile(r"(\d[^\s=,|<>*]*)\s+(\S+)$")


@dataclass(frozen=True, slots=True)
class EnvironmentFile:
    """What a conda environment file or a python_env file says.

    Attributes:
        packages: Its packages (those under `pip:` too), included files and interpreter.
        conda: Whether it has the keys of a conda file (`name` or `channels`).
        python_env: Whether it has the keys of MLflow's python_env (`python`).
        line: Line of the `dependencies` key.
    """

    packages: PackageList
    conda: bool
    python_env: bool
    line: int


def read_environment(root: yaml.Node | None) -> EnvironmentFile | None:
    """Reads the composed document of a conda environment file or a python_env file.

    Returns:
        None where it has neither a `dependencies` list of packages nor `python`.
    """
    keys = {entry.key: entry for entry in entries(root)}
    listed = keys.get("dependencies")
    nodes = items(listed.node) if listed else []
    python = keys.get("python")
    asked = scalar(python.node) if python else None
    if (not nodes and asked is None) or not all(_is_package(node) for node in nodes):
        return None
    packages = _packages(nodes, python_env="python" in keys)
    if python is not None and asked is not None:
        packages = replace(packages, interpreter=Bound(asked, python.line))
    conda = "name" in keys or "channels" in keys
    return EnvironmentFile(packages, conda, python is not None, listed.line if listed else 1)


def _is_package(node: yaml.Node) -> bool:
    if isinstance(node, yaml.MappingNode):
        return all(entry.key == "pip" for entry in entries(node))
    return isinstance(node, yaml.ScalarNode)


def _packages(nodes: list[yaml.Node], *, python_env: bool) -> PackageList:
    packages: list[Package] = []
    includes: list[Bound] = []
    interpreter: Bound | None = None
    for node in nodes:
        if isinstance(node, yaml.MappingNode):
            for item in items(get(node, "pip")):
                _add_pip(item, packages, includes)
        elif python_env:
            _add_pip(node, packages, includes)
        elif (text := scalar(node)) and (package := conda_package(text, line_of(node))):
            packages.append(package)
            if package.name == "python" and interpreter is None:
                interpreter = Bound(text.partition("python")[2].strip(), package.line)
    return PackageList(tuple(packages), tuple(includes), interpreter=interpreter)


def _add_pip(node: yaml.Node, packages: list[Package], includes: list[Bound]) -> None:
    parsed = parse_requirements(scalar(node) or "")
    line = line_of(node)
    packages.extend(replace(package, line=line) for package in parsed.packages)
    includes.extend(Bound(include.text, line) for include in parsed.includes)


def conda_package(text: str, line: int) -> Package | None:
    """Parses a conda match specification (`numpy=1.21.2=py39_0`, `conda-forge::xgboost>=1.6`); None where it is none.

    A single `=` with fewer than three parts is a prefix match (`=1.21` takes 1.21.*), so it pins only with a build
    string, or where the version is a date.
    """
    match = _SPEC.match(text.strip().strip("'\""))
    if not match:
        return None
    name, rest = match[1], match[2].strip()
    exact, spaced = _EXACT.match(rest), _SPACED.match(rest)
    version = spaced[1] if spaced else ""
    if exact:
        operator, asked, build = exact.groups()
        parts = asked.split(".")
        if operator != "=" or build or len(parts) >= 3 or re.fullmatch(r"(19|20)\d\d[a-z]?", parts[0]):
            version = asked
    return Package(normalise(name), version, line, text)
