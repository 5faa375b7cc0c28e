"""What an attempt uses: written by the supervisor while real processes run, and read by others."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.reproduction.model import UsageSample
from mlx_tui.reproduction.usage import read_usage

# In a process of its own, as the supervisor is one: times of ended children are those of the process.
RUN = """
import os, sys
from pathlib import Path
from mlx_tui.reproduction.attempt_log import AttemptLog
from mlx_tui.reproduction.guarded import Confines, run_guarded
from mlx_tui.reproduction.usage import UsageRecorder
from mlx_tui.reproduction.watching import Limits

folder = Path(sys.argv[1])
log = AttemptLog(folder / "log")
usage = UsageRecorder(folder / "usage.jsonl")
for command in sys.argv[2:]:
    run_guarded([sys.executable, "-c", command], Confines(folder, dict(os.environ), Limits(60), (folder,), (), usage),
                log, lambda: None)
"""
BUSY = "import time; held = bytearray(150_000_000)\nwhile time.process_time() < 1.5: pass"
SHORT = "held = bytearray(90_000_000)"


def run(folder: Path, *commands: str) -> list[UsageSample]:
    subprocess.run([sys.executable, "-c", RUN, str(folder), *commands], check=True, timeout=60)
    lines = (folder / "usage.jsonl").read_bytes().splitlines()
    return [msgspec.json.decode(line, type=UsageSample) for line in lines]


def test_time_memory_and_processes_of_a_command_are_sampled(tmp_path: Path) -> None:
    samples = run(tmp_path, BUSY)
    running = [sample for sample in samples if sample.processes]
    assert running and any(sample.memory > 150_000_000 for sample in running)
    assert [sample.cpu_seconds for sample in samples] == sorted(sample.cpu_seconds for sample in samples)
    last = samples[-1]
    assert last.cpu_seconds >= 1.5 and last.memory == last.processes == 0 and last.peak > 150_000_000


def test_several_commands_add_up_and_one_too_short_to_be_seen_counts(tmp_path: Path) -> None:
    once = run(tmp_path, BUSY)[-1]
    (tmp_path / "usage.jsonl").unlink()
    twice = run(tmp_path, BUSY, BUSY)[-1]
    assert once.cpu_seconds + 1.5 <= twice.cpu_seconds
    (tmp_path / "usage.jsonl").unlink()
    short = run(tmp_path, SHORT)[-1]
    assert short.cpu_seconds > 0 and short.peak > 90_000_000


def test_the_newest_samples_are_read_and_what_was_cut_off_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "usage.jsonl"
    assert read_usage(path) is None
    start = datetime(2026, 1, 2, tzinfo=UTC)
    samples = [UsageSample(start + timedelta(seconds=2 * n), 3.0 * n, n, n, 1) for n in range(200)]
    path.write_bytes(b"".join(msgspec.json.encode(sample) + b"\n" for sample in samples) + b'{"at": "2026-01-')
    usage = read_usage(path)
    assert usage is not None and usage.last == samples[-1] and usage.cpu == pytest.approx(1.5)
    path.write_bytes(msgspec.json.encode(samples[0]))
    usage = read_usage(path)
    assert usage is not None and usage.last == samples[0] and usage.cpu is None


@given(st.binary(max_size=200))
def test_any_bytes_are_read(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any-usage"
    path.write_bytes(data)
    assert read_usage(path) is None


def test_a_folder_that_cannot_be_written_costs_the_samples_alone(tmp_path: Path) -> None:
    (tmp_path / "usage.jsonl").mkdir()
    subprocess.run([sys.executable, "-c", RUN, str(tmp_path), SHORT], check=True, timeout=60)
