"""One measurement in a process of its own, whose memory and processor time are watched from outside."""

import json
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

SAMPLE_SECONDS = 0.02
_SCRIPT = Path(__file__).with_name("scan.py")


@dataclass(frozen=True)
class Measured:
    """One run: its seconds, the processor's (start included), the peak of memory, and what it counted."""

    seconds: float
    processor: float
    megabytes: float
    count: int
    detail: str = ""


def measure(kind: str, given: dict[str, object]) -> Measured:
    """Runs one measurement in a new process, whose memory and processor time are watched from here."""
    process = subprocess.Popen(
        [sys.executable, str(_SCRIPT), "--measure", kind], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    watched = Watched()
    watcher = threading.Thread(target=watched.follow, args=(process.pid,), daemon=True)
    watcher.start()
    output, _ = process.communicate(json.dumps(given))
    watcher.join()
    if process.returncode:
        sys.exit(f"{kind} failed")
    mine = Measured(**json.loads(output.splitlines()[-1]))
    return replace(mine, processor=sum(watched.processor.values()), megabytes=watched.megabytes)


class Watched:
    """The peak of the memory of a process and all below it, and the processor time of each.

    Memory is the proportional share of each (a page that several share counts once): between the start of a process and
    that of its program, it shares every page with the one that started it.
    """

    def __init__(self) -> None:
        self.megabytes = 0.0
        self.processor: dict[int, float] = {}

    def follow(self, pid: int) -> None:
        """Samples until the process ends."""
        try:
            root = psutil.Process(pid)
            while root.is_running() and root.status() != psutil.STATUS_ZOMBIE:
                self._sample(root)
                time.sleep(SAMPLE_SECONDS)
        except psutil.Error:
            return

    def _sample(self, root: psutil.Process) -> None:
        total = 0
        for process in (root, *root.children(recursive=True)):
            try:
                total += process.memory_full_info().pss
                times = process.cpu_times()
            except psutil.Error:
                continue
            self.processor[process.pid] = times.user + times.system
        self.megabytes = max(self.megabytes, total / 1e6)
