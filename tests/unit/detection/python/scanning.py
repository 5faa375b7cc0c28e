"""Runs the Python matcher over texts, without git."""

import json

from mlx_tui.detection.codebook import load_codebook
from mlx_tui.detection.model import Anomaly, Finding, Tier
from mlx_tui.detection.python.matcher import PythonMatcher
from mlx_tui.detection.python.scan import PythonScan
from mlx_tui.detection.source import SourceFile

MATCHER = PythonMatcher(load_codebook())


def match(files: dict[str, str | bytes]) -> list[Finding | Anomaly]:
    scan = PythonScan(MATCHER, files)
    for path, text in files.items():
        scan.add(SourceFile(path, text.encode() if isinstance(text, str) else text))
    return list(scan.findings())


def findings(files: dict[str, str | bytes] | str, *, wrappers: bool = False) -> list[Finding]:
    given = {"a.py": files} if isinstance(files, str) else files
    found = [item for item in match(given) if isinstance(item, Finding)]
    return [item for item in found if (item.tier is Tier.WRAPPER) == wrappers]


def anomalies(files: dict[str, str | bytes]) -> list[Anomaly]:
    return [item for item in match(files) if isinstance(item, Anomaly)]


def lines(text: str | dict[str, str | bytes], feature: str, path: str = "a.py") -> list[int]:
    """The lines of a file on which a feature is found."""
    return sorted({item.line for item in findings(text) if item.feature == feature and item.path == path})


def features(text: str) -> set[str]:
    return {item.feature for item in findings(text)}


def values(text: str, feature: str) -> list[str]:
    return [item.value for item in findings(text) if item.feature == feature]


def notebook(*cells: str | tuple[str, str], language: str = "python") -> bytes:
    """A notebook of code cells, or of (type, source)."""
    parts = [("code", cell) if isinstance(cell, str) else cell for cell in cells]
    document = {
        "cells": [{"cell_type": kind, "source": source.splitlines(True), "outputs": []} for kind, source in parts],
        "metadata": {"kernelspec": {"language": language}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document).encode()
