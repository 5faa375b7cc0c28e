"""Literals looked for in a file's bytes all at once, as fast as one of them."""

from collections.abc import Iterable

from ahocorasick_rs import BytesAhoCorasick, MatchKind

_WINDOW = 250_000
"""The library lists every occurrence: a file of nothing else may not make it list ten million."""


class Words:
    """A set of literals of which any may occur.

    Args:
        words: The literals; the empty one occurs everywhere.
    """

    def __init__(self, words: Iterable[bytes]) -> None:
        literals = {*words}
        self._everywhere = b"" in literals
        self._overlap = max(map(len, literals), default=1) - 1
        # Only a leftmost search goes by vector instructions, ten times as fast.
        self._finder = BytesAhoCorasick(sorted(literals - {b""}), matchkind=MatchKind.LeftmostFirst)

    def occur_in(self, data: bytes) -> bool:
        """Whether one of them occurs in a file's content."""
        if len(data) <= _WINDOW:
            return self._everywhere or bool(self._finder.find_matches_as_indexes(data))
        view = memoryview(data)
        windows = (view[start : start + _WINDOW + self._overlap] for start in range(0, len(data), _WINDOW))
        return self._everywhere or any(map(self._finder.find_matches_as_indexes, windows))
