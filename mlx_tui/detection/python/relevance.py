"""Which files can matter, told from their bytes, so that the rest is never parsed.

A file is parsed where it names MLflow, seeds something, or imports a module that a rule names and holds the name that
the rule asks for. Searching for a literal is some hundred times faster than parsing.
"""

import posixpath
import re
from collections.abc import Collection, Mapping

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.rules import ArgumentRule, CallRule, EnvironmentRule, ImportRule

_MLFLOW = (b"mlflow", b"MLflow", b"MLFlow", b"MLFLOW", b"Mlflow")
_OTHER = (
    b"models:/",
    b"runs:/",
    b"ersionAsOf",
    b"imestampAsOf",
    b"VERSION AS OF",
    b"TIMESTAMP AS OF",
    b"version as of",
)
_SEED = re.compile(rb"seed\w*\\?[\"']?\s*[=(:,]")
_SEED_WORDS = (b"random_state", b"PRNGKey", b"RandomState", b"default_rng")
_FROM = re.compile(rb"from[ \t]+([\w.]+)[ \t]+import\b([^\n#\"]*)")
_IMPORT = re.compile(rb"import[ \t]+([\w.][\w., \t]*)")
_WORD = re.compile(rb"\w+")
_NAME = re.compile(r"\w+")


class Relevance:
    """What a file must hold for any rule to match in it."""

    def __init__(self, codebook: Codebook) -> None:
        self._by_root: dict[bytes, set[bytes]] = {}
        self._anywhere: set[bytes] = set()
        patterns = [p for _, rule in codebook.rules(CallRule) for p in rule.calls]
        patterns += [p for _, rule in codebook.rules(ArgumentRule) for p in rule.calls]
        patterns += [p for integration in codebook.integrations for p in integration.calls]
        patterns += [p for _, rule in codebook.rules(ImportRule) for p in rule.modules]
        for pattern in patterns:
            self._require(pattern)
        for _, rule in codebook.rules(EnvironmentRule):
            self._anywhere.update(name.encode() for name in rule.names)

    def _require(self, pattern: str) -> None:
        parts = [part.removesuffix("()") for part in pattern.split(".")]
        root, last = parts[0], parts[-1]
        literals = _NAME.findall(last) if "*" in last else [last]
        word = max(literals, key=len, default="").encode()
        if any(name in pattern.encode() for name in _MLFLOW):
            return
        if "*" in root:
            self._anywhere.add(word)
        else:
            self._by_root.setdefault(root.encode(), set()).add(word)

    def matters(self, data: bytes) -> bool:
        """Whether any rule can match in a file, but for that on tests."""
        if any(word in data for word in _MLFLOW):
            return True
        if any(word in data for word in _SEED_WORDS) or (b"seed" in data and _SEED.search(data)):
            return True
        if any(word in data for word in _OTHER) or any(word in data for word in self._anywhere):
            return True
        roots = imported_roots(data)
        return any(word in data for root in roots for word in self._by_root.get(root, ()))

    def importers(
        self, sources: Collection[str], imports: Mapping[str, frozenset[bytes]], known: Collection[str]
    ) -> set[str]:
        """The files, not known yet, that seem to import one of the sources.

        Args:
            sources: Paths of modules.
            imports: By path, the words in its import statements.
            known: Paths that are left out.
        """
        stems = {_stem(path).encode() for path in sources if path.endswith(".py")}
        return {path for path, words in imports.items() if path not in known and not stems.isdisjoint(words)}


def imported_roots(data: bytes) -> set[bytes]:
    """The first components of the modules that a file seems to import."""
    roots = {module.partition(b".")[0] for module, _ in _FROM.findall(data)}
    for names in _IMPORT.findall(data):
        roots.update(name.strip().partition(b".")[0].partition(b" ")[0] for name in names.split(b","))
    return roots


def imported_words(data: bytes) -> frozenset[bytes]:
    """The words in a file's import statements."""
    words: set[bytes] = set()
    for module, names in _FROM.findall(data):
        words.update(_WORD.findall(module), _WORD.findall(names))
    for names in _IMPORT.findall(data):
        words.update(_WORD.findall(names))
    return frozenset(words)


def mentions_mlflow(data: bytes) -> bool:
    """Whether a file names MLflow at all."""
    return any(word in data for word in _MLFLOW)


def _stem(path: str) -> str:
    folder, name = posixpath.split(path)
    return posixpath.basename(folder) if name == "__init__.py" else name.removesuffix(".py")
