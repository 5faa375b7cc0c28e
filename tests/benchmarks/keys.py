"""Times key to paint of the installed program in a pseudo-terminal while it works.

Run by hand: python tests/benchmarks/keys.py [--repositories 10000] [--cloned 200] [--files 80] [--rate 200000]
                                           [idle load fetch scan log]

A key is pressed, the paint that it causes is waited for, and a moment later the next one is pressed:
idle   nothing else happens
load   a study of many scanned repositories is read
fetch  repositories are cloned from this machine
scan   they are scanned; each has so many modules of its own that it takes long enough for a hundred keys
log    an attempt's log grows by so many lines a second
In tables the cursor moves a row; in the log following stops and starts again.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import psutil
from driven import Driven, told
from made_studies import git_study, scanned_study

from mlx_tui.json_file import write_json
from mlx_tui.reproduction.attempt_files import AttemptFiles
from mlx_tui.reproduction.attempts import create_attempt
from mlx_tui.reproduction.leftovers import process_start
from mlx_tui.reproduction.model import Phase
from mlx_tui.study import Study

BAR = 0.05
PAUSES = (0.03, 0.12)
"""Seconds between the answer to a key and the next key: chosen at random, so that no rhythm is met."""
MOST_KEYS = 400
ENOUGH_KEYS = 100
"""A 95th percentile of fewer keys rests on a handful of slow ones."""
EXPORTED_AFTER = 8.0
"""Seconds after which the CSVs, which are written once a study was read, are there."""


def main() -> None:
    """Measures what was asked for and says whether the bar is met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("which", nargs="*", default=["idle", "load", "fetch", "scan", "log"])
    parser.add_argument("--repositories", type=int, default=10_000)
    parser.add_argument("--cloned", type=int, default=200)
    parser.add_argument("--files", type=int, default=80, help="modules that each of them has for itself alone")
    parser.add_argument("--rate", type=int, default=200_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mlx-tui-benchmark-") as scratch:
        for name in ("MLX_TUI_CACHE_DIR", "XDG_DATA_HOME"):
            os.environ[name] = f"{scratch}/{name}"
        root = Path(scratch)
        if {"idle", "load"} & set(arguments.which):
            many = scanned_study(root / "many", arguments.repositories)
            if "load" in arguments.which:
                report(f"load: {arguments.repositories} scanned repositories are read", while_loading(many))
            if "idle" in arguments.which:
                report(f"idle: {arguments.repositories} repositories, all read", when_idle(many))
        if {"fetch", "scan"} & set(arguments.which):
            cloned = git_study(root / "cloned", arguments.cloned, arguments.files)
            with Driven([str(cloned)]) as program:
                started(program, "repository-0")
                for name, key, doing in (("fetch", "f", "fetching"), ("scan", "d", "scanning")):
                    program.press(key)
                    program.until(partial(is_doing, doing))
                    times = keys(program, partial(has_ended, doing))
                    program.until(partial(has_ended, doing), 600)
                    report(f"{name}: {arguments.cloned} repositories, {arguments.files} modules more in each", times)
        if "log" in arguments.which:
            report(f"log: {arguments.rate} lines/s", while_logging(root / "logged", arguments.rate))


def is_doing(what: str, program: Driven) -> bool:
    """Whether the status line tells of a work; that of CSVs which are written meanwhile is another one."""
    return program.text.splitlines()[-2].strip().startswith(f"{what} ")


def has_ended(what: str, program: Driven) -> bool:
    """Whether a work isn't told of any more, seen twice: of a line that is being painted only a part may be here."""
    if is_doing(what, program):
        return False
    time.sleep(0.3)
    program.drain()
    return not is_doing(what, program)


def started(program: Driven, text: str) -> None:
    """Waits for the table."""
    if program.until(lambda driven: driven.cursor_row == 2 and text in driven.text) is None:
        sys.exit(f"the program didn't start; its screen is:\n{program.text}")


def keys(program: Driven, over: Callable[[Driven], object], most: int = MOST_KEYS) -> list[float]:
    """Moves a table's cursor until the work is over; returns how long each move took to be seen."""
    times: list[float] = []
    while not over(program) and len(times) < most:
        row = program.cursor_row
        if row is None:
            program.until(lambda driven: driven.cursor_row is not None, 5)
            continue
        wanted = row + 1 if row < 8 else row - 1
        pressed = program.press("j" if wanted > row else "k")
        seen = program.until(lambda driven, wanted=wanted: driven.cursor_row == wanted, 30)
        if seen is None:
            sys.exit(f"a key was not answered; the screen is:\n{program.text}")
        times.append(max(0.0, seen - pressed))
        time.sleep(random.uniform(*PAUSES))
        program.drain()
    return times


def while_loading(study: Path) -> list[float]:
    """Opens a study several times: each gives the keys of its first seconds."""
    times: list[float] = []
    while len(times) < ENOUGH_KEYS:
        with Driven([str(study)]) as program:
            started(program, "repository-0")
            times += keys(program, lambda driven: "findings judged" in driven.text)
    return times


def when_idle(study: Path) -> list[float]:
    with Driven([str(study)]) as program:
        started(program, "repository-0")
        program.until(lambda driven: "findings judged" in driven.text)
        time.sleep(EXPORTED_AFTER)
        return keys(program, lambda driven: False, ENOUGH_KEYS)


def while_logging(folder: Path, rate: int) -> list[float]:
    """Follows the log of an attempt that a process of this benchmark writes."""
    study = Study(git_study(folder, 1))
    study.corpus.fetch()
    study.scan(jobs=1)
    (clone,) = study.corpus.clones()
    attempt = create_attempt(study.attempts.root, study.attempts.plan(clone))
    files = AttemptFiles(Path(attempt.folder))
    writer = subprocess.Popen([sys.executable, __file__, "--write", str(files.log), str(rate)])
    try:
        mine = psutil.Process()
        running = replace(
            attempt.state,
            phase=Phase.RUNNING,
            started_at=datetime.now(UTC),
            supervisor_pid=mine.pid,
            supervisor_start=process_start(mine.pid),
        )
        write_json(files.state, running)
        with Driven([str(study.path)]) as program:
            started(program, "repository-0")
            program.press("a")
            program.until(lambda driven: "1 running" in driven.text)
            program.press("\r")
            if program.until(lambda driven: "following" in driven.text) is None:
                sys.exit(f"the log isn't followed; the screen is:\n{program.text}")
            return following(program)
    finally:
        writer.terminate()
        writer.wait()


def following(program: Driven) -> list[float]:
    """Stops and starts following, by turns; each changes a word of the status line."""
    times = []
    for number in range(200):
        key, word = (("k", "paused"), ("G", "following"))[number % 2]
        pressed = program.press(key)
        seen = program.until(lambda driven, word=word: word in driven.text.splitlines()[-2], 10)
        if seen is None:
            sys.exit(f"a key was not answered; the screen is:\n{program.text}")
        times.append(max(0.0, seen - pressed))
        time.sleep(random.uniform(*PAUSES))
        program.drain()
    print(f"     the log had {program.text.splitlines()[-2].strip()}")
    return times


def write_log(path: str, rate: int) -> None:
    """Appends so many lines a second, in pieces of a hundredth of a second."""
    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))  # whatever priority the benchmark was given
    line = b"\x1b[32mepoch %07d\x1b[0m loss=0.%06d [===>   ] a line as a training run writes it\n"
    written, started_at = 0, time.perf_counter()
    with open(path, "ab", buffering=0) as log:  # noqa: PTH123
        while True:
            due = int((time.perf_counter() - started_at) * rate)
            log.write(b"".join(line % (number, number % 999_983) for number in range(written, due)))
            written = due
            time.sleep(0.01)


def report(what: str, times: list[float]) -> None:
    """Prints the times, and whether the 95th percentile meets the bar."""
    if not times:
        print(f"{what:<60} no key was pressed meanwhile")
        return
    high = sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]
    few = "" if len(times) >= ENOUGH_KEYS else f", of fewer than {ENOUGH_KEYS} keys"
    print(f"{what:<60} {told(times)}   {'met' if high < BAR else 'MISSED'}{few}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        write_log(sys.argv[2], int(sys.argv[3]))
    else:
        main()
