"""Findings as a scan holds them: counted at once, unpacked when they are looked at.

A study of 10,000 repositories has a million findings. Its table needs their numbers alone, so a scan from the cache
keeps them packed: the explanations repeat each other, and take a tenth of the space.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import overload

import msgspec

from mlx_tui.detection.model import Finding, Tier

_LEVEL = 1
_decoder = msgspec.msgpack.Decoder(tuple[Finding, ...])
_encoder = msgspec.msgpack.Encoder()


class PackedFindings(Sequence[Finding]):
    """The findings of a scan that was made before.

    Args:
        counts: By feature, as `count_features` gives them.
        size: How many there are, those of tier `wrapper` included.
        packed: The findings themselves, compressed.
    """

    __slots__ = ("_size", "counts", "packed")

    def __init__(self, counts: Mapping[str, int], size: int, packed: bytes) -> None:
        self.counts = counts
        self._size = size
        self.packed = packed

    def _unpacked(self) -> tuple[Finding, ...]:
        return _decoder.decode(zlib.decompress(self.packed))

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._unpacked())

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Finding, ...]: ...
    def __getitem__(self, index: int | slice) -> Finding | tuple[Finding, ...]:
        return self._unpacked()[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PackedFindings | tuple) and self._unpacked() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._unpacked())


def count_features(findings: Iterable[Finding]) -> Mapping[str, int]:
    """How many findings each feature has, those of tier `wrapper` left out; nothing is unpacked for it."""
    if isinstance(findings, PackedFindings):
        return findings.counts
    counts: dict[str, int] = {}
    for finding in findings:
        if finding.tier is not Tier.WRAPPER:
            counts[finding.feature] = counts.get(finding.feature, 0) + 1
    return counts


def pack(findings: Sequence[Finding]) -> PackedFindings:
    """Packs findings; those that are packed already are returned as they are."""
    if isinstance(findings, PackedFindings):
        return findings
    packed = zlib.compress(_encoder.encode(findings), _LEVEL)
    return PackedFindings(count_features(findings), len(findings), packed)
