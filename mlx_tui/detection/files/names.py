"""Files that count by their name, or by that and a line: DVC, Git LFS, interpreters, Snakefiles, Gin, orchestrators."""

import posixpath
import re
from collections.abc import Iterator

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.files.dependencies import interpreter
from mlx_tui.detection.files.evidence import evidence
from mlx_tui.detection.model import Anomaly, Finding
from mlx_tui.detection.source import RepositoryView, SourceFile
from mlx_tui.formats.packages import Bound

_DVC_NAMES = frozenset({"dvc.yaml", "dvc.lock"})
_VERSION_FILES = {
    ".python-version": re.compile(
        r"^\s*(?:python-|cpython-|pypy|miniconda3?-|anaconda3?-|mambaforge-)?(\d+\.\d+[\w.-]*)"
    ),
    "runtime.txt": re.compile(r"^\s*python-(\d+\.\d+[\w.]*)"),
    ".tool-versions": re.compile(r"^python\s+(\d+\.\d+[\w.]*)"),
}
_NAMES = frozenset({*_DVC_NAMES, *_VERSION_FILES, ".gitattributes", "airflow.cfg", "pyproject.toml", "snakefile"})
_KEDRO = re.compile(r"^\s*\[tool\.kedro\]")
_LFS = re.compile(r"^[^#]*\bfilter=lfs\b")


def wants(path: str) -> bool:
    """Whether the path is one of these files'."""
    name = posixpath.basename(path).lower()
    return name in _NAMES or name.endswith((".dvc", ".smk", ".gin")) or path.endswith(".dvc/config")


def match(file: SourceFile, repository: RepositoryView, codebook: Codebook) -> Iterator[Finding | Anomaly]:
    """Yields what the file counts for."""
    name = file.name.lower()
    if name in _DVC_NAMES or (name.endswith(".dvc") and name != ".dvc") or file.path.endswith(".dvc/config"):
        yield evidence(file, "data.versioned", 1, "dvc", f"`{file.name}` versions data with DVC")
    elif name == ".gitattributes":
        if at := _first(file, _LFS):
            yield evidence(file, "data.versioned", at, "lfs", "files are stored with Git LFS")
    elif pattern := _VERSION_FILES.get(name):
        for number, line in enumerate(file.lines, 1):
            if found := pattern.match(line):
                yield from interpreter(file, Bound(found[1], number))
                break
    elif name == "snakefile" or name.endswith(".smk"):
        yield evidence(file, "execution.pipeline", 1, "snakefile", "a Snakemake workflow")
    elif name.endswith(".gin"):
        yield evidence(file, "beyond.config", 1, "gin", "a Gin configuration", value="Gin")
    elif name == "airflow.cfg":
        yield evidence(file, "beyond.orchestrated", 1, "file", "Airflow is configured", value="Airflow")
    elif name == "pyproject.toml" and (at := _first(file, _KEDRO)):
        yield evidence(file, "beyond.orchestrated", at, "kedro", "a Kedro project", value="Kedro")


def _first(file: SourceFile, pattern: re.Pattern[str]) -> int:
    return next((number for number, line in enumerate(file.lines, 1) if pattern.match(line)), 0)
