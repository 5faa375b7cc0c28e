"""What MLflow recorded in a store, whatever its version and kind."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from mlx_tui.reproduction import redirect
from mlx_tui.reproduction.captured_database import read_database
from mlx_tui.reproduction.captured_files import read_file_store
from mlx_tui.reproduction.model import CapturedRuns
from mlx_tui.reproduction.store_files import is_regular

MAX_RECORD = 1 << 20
_USERINFO = re.compile(r"(://)[^\s/@]*@")


@dataclass(frozen=True, slots=True)
class _Fact:
    """A line of the redirect's record."""

    kind: str
    value: str


def read_store(store: Path) -> CapturedRuns:
    """Reads an attempt's store; what is damaged in it is left out.

    Args:
        store: The attempt's `store` folder.
    """
    contents = []
    database, files = store / redirect.DATABASE, store / redirect.FILE_STORE
    if is_regular(database):
        contents.append(read_database(database, own=True))
    if files.is_dir() and not files.is_symlink():
        contents.append(read_file_store(files, own=True))
    version, uris = "", dict[str, None]()
    for fact in _facts(store / redirect.RECORD):
        if fact.kind == "mlflow":
            version = version or fact.value
        elif fact.kind == "uri":
            uris[_USERINFO.sub(r"\1***@", fact.value)] = None
    return CapturedRuns(
        mlflow_version=version,
        asked_uris=tuple(uris),
        runs=tuple(run for content in contents for run in content.runs),
        registered_models=tuple(sorted({name for content in contents for name in content.models})),
        model_versions=tuple(version for content in contents for version in content.versions),
        cut=any(content.cut for content in contents),
    )


def _facts(record: Path) -> Iterator[_Fact]:
    """The record's lines; the experiment could write anything there."""
    if not is_regular(record):
        return
    with record.open("rb") as stream:
        for line in stream.read(MAX_RECORD).splitlines():
            try:
                yield msgspec.json.decode(line, type=_Fact)
            except msgspec.DecodeError:
                continue
