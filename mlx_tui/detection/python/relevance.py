"""Which files can matter, told from their bytes, so that the rest is never parsed.

A file is parsed where it names MLflow, seeds something, or imports a module that a rule names and holds the name that
the rule asks for. Searching for literals is some hundred times faster than parsing.
"""

import re

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.rules import ArgumentRule, CallRule, EnvironmentRule, ImportRule
from mlx_tui.detection.words import Words

_MLFLOW = (b"mlflow", b"MLflow", b"MLFlow", b"MLFLOW", b"Mlflow")
_OTHER = (
    b"models:/",
    b"runs:/",
    b"ersionAsOf",
    b"imestampAsOf",
    b"VERSION AS OF",
    b"TIMESTAMP AS OF",
    b"version as of",
    b"timestamp as of",
)
_MENTIONS = Words(_MLFLOW)
_SEED = re.compile(rb"seed\w*\\?[\"']?\s*[=(:,]")
_SEED_WORDS = (b"random_state", b"PRNGKey", b"RandomState", b"default_rng")
_MAY_SEED = Words((b"seed", *_SEED_WORDS))
_FROM = re.compile(rb"from[ \t]+([\w.]+)[ \t]+import\b([^\n#\"]*)")
_IMPORT = re.compile(rb"import[ \t]+([\w.][\w., \t]*)")
_NAME = re.compile(r"\w+")


class Relevance:
    """What a file must hold for any rule to match in it."""

    def __init__(self, codebook: Codebook) -> None:
        self._by_root: dict[bytes, set[bytes]] = {}
        self._anywhere = {*_MLFLOW, *_OTHER}
        patterns = [p for _, rule in codebook.rules(CallRule) for p in rule.calls]
        patterns += [p for _, rule in codebook.rules(ArgumentRule) for p in rule.calls]
        patterns += [p for integration in codebook.integrations for p in integration.calls]
        patterns += [p for _, rule in codebook.rules(ImportRule) for p in rule.modules]
        for pattern in patterns:
            self._require(pattern)
        for _, rule in codebook.rules(EnvironmentRule):
            self._anywhere.update(name.encode() for name in rule.names)
        self._words = Words(self._anywhere)

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
        """Whether any rule can match in a file, but for those on tests and seeds."""
        if self._words.occur_in(data):
            return True
        roots = imported_roots(data)
        return any(word in data for root in roots for word in self._by_root.get(root, ()))


def may_seed(data: bytes) -> bool:
    """Whether a file may fix a random seed."""
    if not _MAY_SEED.occur_in(data):
        return False
    return _SEED.search(data) is not None or any(word in data for word in _SEED_WORDS)


def imported_roots(data: bytes) -> set[bytes]:
    """The first components of the modules that a file seems to import."""
    roots = {module.partition(b".")[0] for module, _ in _FROM.findall(data)}
    for names in _IMPORT.findall(data):
        roots.update(name.strip().partition(b".")[0].partition(b" ")[0] for name in names.split(b","))
    return roots


def mentions_mlflow(data: bytes) -> bool:
    """Whether a file names MLflow at all."""
    return _MENTIONS.occur_in(data)
