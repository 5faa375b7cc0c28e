"""Clones for tests: files written into a folder."""

from pathlib import Path
from textwrap import dedent


def clone(folder: Path, **files: str) -> Path:
    """Writes files, `__` in a keyword standing for `/` and `_DOT_` for `.`; texts are dedented."""
    for key, text in files.items():
        write(folder, key.replace("__", "/").replace("_DOT_", "."), text)
    return folder


def write(folder: Path, path: str, text: str) -> Path:
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return place


TRAINS = """
import mlflow

def main():
    with mlflow.start_run():
        mlflow.log_metric("m", 1.0)

if __name__ == "__main__":
    main()
"""
