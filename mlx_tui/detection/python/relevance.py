"""Which files can matter, told from their bytes, so that the rest is never parsed."""

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.rules import ArgumentRule, CallRule, EnvironmentRule, ImportRule
from mlx_tui.detection.source import SourceFile

_COMMON = ("mlflow", "MLflow", "MLFlow", "MLFLOW", "Mlflow", "models:/", "runs:/", "sOf", "s of ", "S OF ")
_SEEDS = ("seed", "random_state", "PRNGKey", "RandomState", "default_rng")
_WORD = re.compile(r"\w+")


class Relevance:
    """Words of which a file must hold one for any rule to match in it."""

    def __init__(self, codebook: Codebook) -> None:
        words = {*_COMMON, *_SEEDS}
        for _, call_rule in codebook.rules(CallRule):
            words.update(map(_root, call_rule.calls))
        for _, argument_rule in codebook.rules(ArgumentRule):
            words.update(map(_root, argument_rule.calls))
        for _, import_rule in codebook.rules(ImportRule):
            words.update(map(_root, import_rule.modules))
        for _, environment_rule in codebook.rules(EnvironmentRule):
            words.update(environment_rule.names)
        for integration in codebook.integrations:
            words.update(map(_root, integration.calls))
        self.words = tuple(word.encode() for word in _shortest(words - {""}))

    def matters(self, path: str, data: bytes) -> bool:
        """Whether any rule can match in a file."""
        name = posixpath.basename(path)
        if name.startswith("test_") or name.endswith("_test.py"):
            return True
        return any(word in data for word in self.words)

    def first(self, files: Iterable[SourceFile]) -> Iterator[str]:
        """The paths of the files in which a rule can match by itself."""
        return (file.path for file in files if self.matters(file.path, file.data))

    def importers(self, sources: Collection[str], files: Mapping[str, SourceFile], known: Collection[str]) -> set[str]:
        """The files, not known yet, that seem to import one of the sources."""
        stems = {stem for path in sources if path.endswith(".py") and (stem := _stem(path))}
        if not stems:
            return set()
        alternatives = b"|".join(re.escape(stem.encode()) for stem in sorted(stems))
        pattern = re.compile(rb"^[ \t]*(?:from|import)\b[^\n#]*\b(?:" + alternatives + rb")\b", re.MULTILINE)
        return {path for path, file in files.items() if path not in known and pattern.search(file.data)}


def _stem(path: str) -> str:
    folder, name = posixpath.split(path)
    return posixpath.basename(folder) if name == "__init__.py" else name.removesuffix(".py")


def _root(pattern: str) -> str:
    """A word that a file must hold for a pattern to match in it: the module's root, else the last name."""
    parts = [part.removesuffix("()") for part in pattern.split(".")]
    for part in (parts[0], parts[-1]):
        if "*" not in part:
            return part
    return max(_WORD.findall(pattern), key=len, default="")


def _shortest(words: Iterable[str]) -> list[str]:
    """The words without those that hold another of them."""
    kept: list[str] = []
    for word in sorted(words, key=len):
        if not any(other in word for other in kept):
            kept.append(word)
    return kept
