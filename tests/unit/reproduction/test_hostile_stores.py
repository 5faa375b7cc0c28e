"""Stores of MLflow that somebody hostile wrote: read without harm, and within bounds."""

import os
import sqlite3
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from mlx_tui.json_file import read_json, write_json
from mlx_tui.reproduction import captured_files, store_files, store_tables
from mlx_tui.reproduction.captured import read_store
from mlx_tui.reproduction.captured_database import read_database
from mlx_tui.reproduction.captured_files import StoreContent, read_file_store
from mlx_tui.reproduction.model import CapturedRuns

RUNS = "CREATE TABLE runs (run_uuid, name, status, lifecycle_stage, experiment_id, artifact_uri, start_time);"
KILLED = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 1")
connection.execute("BEGIN")
rows = [(n,) for n in range(500)]
connection.executemany("INSERT INTO runs VALUES (?, hex(randomblob(200)), '', '', 1, '', 0)", rows)
os._exit(0)
"""


def database(folder: Path, sql: str) -> Path:
    path = folder / "mlflow.db"
    connection = sqlite3.connect(path)
    connection.executescript(sql)
    connection.close()
    return path


def killed_in_a_transaction(folder: Path) -> Path:
    path = database(folder, RUNS + "INSERT INTO runs VALUES ('r', '', '', 'active', 1, '', 0);")
    subprocess.run([sys.executable, "-c", KILLED, str(path)], check=True)
    assert path.with_name("mlflow.db-journal").stat().st_size > 512
    return path


def name_in_journal(path: Path, named: Path) -> None:
    """Adds the record with which SQLite's journals name a super-journal ("Atomic Commit In SQLite", 5.1)."""
    name = os.fsencode(named)
    record = struct.pack(">I", (1 << 30) // 4096 + 1) + name + struct.pack(">II", len(name), sum(name))
    with path.with_name("mlflow.db-journal").open("ab") as journal:
        journal.write(record + bytes.fromhex("d9d505f920a163d7"))


def test_a_journal_that_names_a_file_of_the_user_does_not_delete_it(tmp_path: Path) -> None:
    store, thesis = tmp_path / "store", tmp_path / "thesis.tex"
    store.mkdir()
    thesis.write_text("years of work")
    name_in_journal(killed_in_a_transaction(store), thesis)
    read_store(store)
    assert thesis.read_text() == "years of work"


def test_what_a_killed_run_left_half_written_is_rolled_back(tmp_path: Path) -> None:
    path = killed_in_a_transaction(tmp_path)
    assert [run.run_id for run in read_database(path, own=True).runs] == ["r"]


@pytest.mark.parametrize("end", ["-journal", "-wal", "-shm"])
def test_links_beside_a_database_are_left_alone(tmp_path: Path, end: str) -> None:
    (tmp_path / "store").mkdir()
    path = database(tmp_path / "store", RUNS)
    target = tmp_path / "target"
    target.write_bytes(b"\1" * 5_000)
    link = path.with_name(path.name + end)
    link.symlink_to(target)
    read_database(path, own=True)
    assert target.read_bytes() == b"\1" * 5_000
    assert link.is_symlink()


@pytest.mark.parametrize(
    "view",
    [
        "CREATE VIEW runs AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x run_uuid FROM c;",
        "CREATE VIRTUAL TABLE runs USING fts5(run_uuid);",
    ],
)
def test_only_tables_are_read(tmp_path: Path, view: str) -> None:
    assert read_database(database(tmp_path, view)) == StoreContent()


@pytest.mark.parametrize(("limit", "value"), [("MAX_ROWS", 2), ("MAX_CHARACTERS", 60)])
def test_a_database_larger_than_is_read_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    rows = "".join(f"INSERT INTO runs VALUES ('r{n}', '', '', 'active', 1, '{'x' * 10}', 0);" for n in range(5))
    path = database(tmp_path, RUNS + rows)
    assert not read_database(path).cut
    monkeypatch.setattr(store_tables, limit, value)
    content = read_database(path)
    assert content.cut
    assert 0 < len(content.runs) < 5
    assert read_store(tmp_path).cut


def test_a_database_that_takes_too_long_holds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_tables, "MAX_STEPS", 1)
    monkeypatch.setattr(store_tables, "_STEP", 10)
    assert read_database(database(tmp_path, RUNS + "INSERT INTO runs VALUES (1, 2, 3, 4, 5, 6, 7);")) == StoreContent()


@pytest.mark.parametrize("uri", ["file://[x", "file:///a%00b", "file:///" + "a" * 300, "/" + "a" * 300, "http://["])
def test_artifacts_at_what_is_no_place(tmp_path: Path, uri: str) -> None:
    path = database(tmp_path, RUNS + f"INSERT INTO runs VALUES ('r', '', '', 'active', 1, '{uri}', 0);")
    assert [run.artifacts for run in read_database(path, own=True).runs] == [()]
    write(tmp_path / "mlruns", {"0/a/meta.yaml": f"run_id: a\nartifact_uri: '{uri}'\n"})
    assert [run.artifacts for run in read_file_store(tmp_path / "mlruns", own=True).runs] == [()]


def test_values_of_any_type(tmp_path: Path) -> None:
    sql = (
        RUNS + "CREATE TABLE experiments (experiment_id, name); INSERT INTO experiments VALUES (x'00', x'ff'), (1, 2);"
        "CREATE TABLE metrics (run_uuid, key, step, timestamp, value, is_nan);"
        "INSERT INTO runs VALUES (x'ff', NULL, 9e999, 1, x'00', 2, 'later'), ('r', '', '', 'active', 1, '', x'00');"
        "INSERT INTO metrics VALUES ('r', 'm', 9e999, 1e300, 'a', NULL), ('r', 'm', x'00', 'b', 9e999, x'');"
    )
    path = database(tmp_path, sql)
    assert [run.run_id for run in read_database(path, own=True).runs] == ["b'\\xff'", "r"]
    write_json(tmp_path / "runs.json", read_store(tmp_path))
    assert len(read_json(tmp_path / "runs.json", CapturedRuns).runs) == 2


def test_a_database_in_a_folder_whose_name_is_not_utf_8(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"\xff?#%")
    folder.mkdir()
    path = database(folder, RUNS + "INSERT INTO runs VALUES ('r', '', '', 'active', 1, '', 0);")
    assert [run.run_id for run in read_database(path).runs] == ["r"]


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / os.fsdecode(name.encode("latin-1"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.mark.parametrize("start", ["²", "9" * 5_000, "-1", "soon", "1.5"])
def test_a_start_that_is_no_time(tmp_path: Path, start: str) -> None:
    write(
        tmp_path, {"0/a/meta.yaml": f"run_id: a\nstart_time: {start}\n", "0/b/meta.yaml": "run_id: b\nstart_time: 5\n"}
    )
    assert [run.run_id for run in read_file_store(tmp_path).runs] == ["a", "b"]


def test_numbers_beyond_64_bits_are_damage(tmp_path: Path) -> None:
    lines = "1 0.5 0\n1 0.5 " + "9" * 30 + "\n" + "9" * 5_000 + " 0.5 1\n1 1e999 2\n1_0 0.5 3\n"
    versions = {f"models/m/{n}/meta.yaml": f"version: '{text}'" for n, text in enumerate(("²", "9" * 5_000, "7"))}
    write(
        tmp_path, {"0/a/meta.yaml": "run_id: a\n", "0/a/metrics/m": lines, "models/m/meta.yaml": "name: m"} | versions
    )
    content = read_file_store(tmp_path)
    assert [(point.step, point.value) for point in content.runs[0].metrics[0].points] == [(0, 0.5), (2, None)]
    assert [version.version for version in content.versions] == [7]


def test_names_that_are_not_utf_8_reach_the_record(tmp_path: Path) -> None:
    write(
        tmp_path / "mlruns",
        {
            "0\xff/\xfe/meta.yaml": "status: 3\n",
            "0\xff/\xfe/params/\xff": "1",
            "0\xff/\xfe/artifacts/\xfd": "",
            "models/\xfe/meta.yaml": "name: m",
            "models/\xfe/1/meta.yaml": "version: 1",
        },
    )
    captured = read_store(tmp_path)
    write_json(tmp_path / "runs.json", captured)
    assert read_json(tmp_path / "runs.json", CapturedRuns) == captured
    assert (captured.runs[0].run_id, captured.runs[0].params[0].key) == ("\\xfe", "\\xff")
    assert (captured.registered_models, captured.runs[0].artifacts) == (("\\xfe",), ("\\xfd",))


@pytest.mark.parametrize("meta", ["[" * 200_000, "- " * 200_000, '"\\ud800": "\\udc80"\n', "a: *b\n", "!!int x: y\n"])
def test_a_meta_file_that_is_none(tmp_path: Path, meta: str) -> None:
    write(tmp_path / "mlruns", {"0/meta.yaml": meta, "0/a/meta.yaml": "run_id: a\n", "0/b/meta.yaml": meta})
    write_json(tmp_path / "runs.json", read_store(tmp_path))
    assert "a" in {run.run_id for run in read_json(tmp_path / "runs.json", CapturedRuns).runs}


@pytest.mark.parametrize(
    ("module", "limit", "value"),
    [
        (store_files, "MAX_READ", 100),
        (store_files, "MAX_FILES", 2),
        (store_files, "MAX_LISTED", 4),
        (captured_files, "MAX_POINTS", 10),
        (captured_files, "MAX_RUNS", 1),
    ],
)
def test_a_file_store_larger_than_is_read_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, limit: str, value: int
) -> None:
    for run in "ab":
        lines = {f"0/{run}/metrics/{name}": "1 0.5 0\n2 0.5 1\n3 0.5 2\n" for name in "abc"}
        write(tmp_path, {f"0/{run}/meta.yaml": f"run_id: {run}\n"} | lines)
    whole = read_file_store(tmp_path)
    assert not whole.cut
    monkeypatch.setattr(module, limit, value)
    content = read_file_store(tmp_path)
    assert content.cut
    assert sum(len(run.metrics) for run in content.runs) < sum(len(run.metrics) for run in whole.runs)


def test_a_pipe_in_a_store_is_not_waited_for(tmp_path: Path) -> None:
    write(tmp_path, {"0/a/meta.yaml": "run_id: a\n"})
    (tmp_path / "0" / "b").mkdir()
    os.mkfifo(tmp_path / "0" / "b" / "meta.yaml")
    assert [run.run_id for run in read_file_store(tmp_path).runs] == ["a"]
