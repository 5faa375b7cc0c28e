"""Measures the cold scan of clones side by side with a plain read, ripgrep and semgrep, and the warm rescan.

Run by hand: python tests/benchmarks/scan.py FOLDER... [--rounds 5] [--jobs 2] [--repositories 10000]

FOLDERs hold git work trees, at any depth of one. Each measurement runs in a process of its own, in rounds that
alternate, so that all meet the same load; medians are compared. "Cold" means that no scan is cached: the files come
from the system's cache for all alike. Memory is the peak of the summed resident sizes of the process and its children.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import psutil

BAR_READ, BAR_MEMORY, BAR_WARM, BAR_SEMGREP = 4.0, 500, 2.0, 6.0
SAMPLE_SECONDS = 0.02
SEMGREP_TIMEOUT = 1800
SEMGREP_CALLS = (
    *("log_param", "log_params", "log_metric", "log_metrics", "log_artifact", "autolog", "set_experiment"),
    *("start_run", "set_tracking_uri", "register_model"),
)


@dataclass(frozen=True)
class Measured:
    """One run: its seconds, the processor's (start included), the peak of memory, and what it counted."""

    seconds: float
    processor: float
    megabytes: float
    count: int
    detail: str = ""


def main() -> None:
    """Runs every measurement in alternating rounds and prints medians and ratios."""
    arguments = parse_arguments()
    trees = work_trees(arguments.folders)
    if not trees:
        sys.exit("no git work tree in these folders")
    with tempfile.TemporaryDirectory(prefix="mlx-tui-benchmark-") as scratch:
        os.environ["MLX_TUI_CACHE_DIR"] = f"{scratch}/cache"
        plans = measurements(arguments, trees, Path(scratch))
        runs: dict[str, list[Measured]] = {name: [] for name in plans}
        for number in range(arguments.rounds):
            for name, run in plans.items():
                runs[name].append(run())
                print(f"round {number + 1}  {name:<14} {runs[name][-1].seconds:8.2f} s", file=sys.stderr)
        report(runs, len(trees))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=2, help="processes of the scan")
    parser.add_argument("--repositories", type=int, default=10_000, help="of the warm rescan")
    return parser.parse_args()


def work_trees(folders: list[Path]) -> list[Path]:
    candidates = [path for folder in folders for path in (folder, *sorted(folder.iterdir()))]
    return [path.resolve() for path in candidates if (path / ".git").exists()]


def measurements(arguments: argparse.Namespace, trees: list[Path], scratch: Path) -> dict[str, Callable[[], Measured]]:
    """What is measured, by name, in the order of a round."""
    given = {"trees": [str(tree) for tree in trees], "jobs": arguments.jobs, "repositories": arguments.repositories}
    listing = scratch / "files"
    listing.write_bytes(b"\0".join(os.fsencode(path) for path in scanned_files(trees)))
    plans: dict[str, Callable[[], Measured]] = {
        "plain read": lambda: measure("read", {"listing": str(listing)}),
        "scan, cold": lambda: measure("cold", given),
    }
    if shutil.which("rg"):
        command = ["rg", "-l", "--no-ignore", "--hidden", "--glob", "!.git", "mlflow", *map(str, trees)]
        plans["ripgrep"] = lambda: measure("command", {"command": command, "ok": [0, 1, 2]})
    if shutil.which("semgrep"):
        rules = scratch / "rules.json"
        rules.write_text(json.dumps(semgrep_rules()))
        options = ["--config", str(rules), "--metrics", "off", "--disable-version-check", "--quiet", "--no-git-ignore"]
        limits = ["--jobs", str(arguments.jobs), "--include", "*.py"]
        command_line = ["semgrep", "scan", *options, *limits, *map(str, trees)]
        plans["semgrep"] = lambda: measure("command", {"command": command_line, "ok": [0, 1, 2, 3]})
    study = scratch / "study"
    measure("prepare", {**given, "study": str(study)})
    plans["rescan, warm"] = lambda: measure("warm", {**given, "study": str(study)})
    return plans


def semgrep_rules() -> dict[str, object]:
    """Ten calls as rules: what semgrep can say of them, on `.py` files alone."""
    return {
        "rules": [
            {
                "id": name.replace("_", "-"),
                "languages": ["python"],
                "severity": "INFO",
                "message": name,
                "pattern-either": [
                    {"pattern": f"mlflow.{name}(...)"},
                    {"pattern": f"mlflow.$FLAVOR.{name}(...)"},
                    {"pattern": f"mlflow.tracking.MlflowClient(...).{name}(...)"},
                ],
            }
            for name in SEMGREP_CALLS
        ]
    }


def scanned_files(trees: list[Path]) -> list[str]:
    """The files that the scan opens."""
    from mlx_tui.corpus.git import head_commit
    from mlx_tui.detection.file_matchers import FILE_MATCHERS
    from mlx_tui.detection.repository import open_repository
    from mlx_tui.detection.source import size_limit

    found: list[str] = []
    for tree in trees:
        view, _ = open_repository(tree, head_commit(tree))
        for path in view.paths:
            wanted = path.endswith((".py", ".ipynb")) or any(matcher.wants(path) for matcher in FILE_MATCHERS)
            if wanted and 0 < view.size(path) <= size_limit(path):
                found.append(f"{tree}/{path}")
        view.close()
    return found


# One measurement, in a process of its own


def measure(kind: str, given: dict[str, object]) -> Measured:
    """Runs one measurement in a new process, whose memory and processor time are watched from here."""
    process = subprocess.Popen(
        [sys.executable, __file__, "--measure", kind], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
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
    """The peak of the memory of a process and all below it, and the processor time of each."""

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
                total += process.memory_info().rss
                times = process.cpu_times()
            except psutil.Error:
                continue
            self.processor[process.pid] = times.user + times.system
        self.megabytes = max(self.megabytes, total / 1e6)


def measure_here(kind: str) -> None:
    """The process's side: prepares, times, and prints one line of JSON."""
    given = json.loads(sys.stdin.read())
    work, finish = PREPARED[kind](given)
    started = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - started
    count, detail = finish(result)
    print(json.dumps(asdict(Measured(seconds, 0.0, 0.0, count, detail))))


Prepared = tuple[Callable[[], object], Callable[[object], tuple[int, str]]]


def prepare_read(given: dict[str, str]) -> Prepared:
    paths = Path(given["listing"]).read_bytes().split(b"\0")

    def work() -> int:
        total = 0
        for path in paths:
            with open(path, "rb") as stream:  # noqa: PTH123
                total += len(stream.read())
        return total

    return work, lambda total: (len(paths), f"{int(str(total)) / 1e6:.0f} MB")


def prepare_cold(given: dict[str, list[str]]) -> Prepared:
    from mlx_tui.detection.codebook import load_codebook
    from mlx_tui.study.corpus import work_tree
    from mlx_tui.study.scans import Scans

    clones = [work_tree(Path(tree)) for tree in given["trees"]]
    scans = Scans(load_codebook())
    jobs = int(str(given["jobs"]))

    def work() -> object:
        return scans.run(clones, jobs=jobs, use_cache=False)

    return work, lambda found: (sum(len(scan.findings) for scan in found), f"{len(found)} repositories")  # type: ignore[attr-defined]


def prepare_warm(given: dict[str, str]) -> Prepared:
    from mlx_tui.study import Study

    study = Path(given["study"])

    def work() -> object:
        never = threading.Event()
        never.set()  # nothing that the cache doesn't answer is scanned
        return Study(study).scan(jobs=int(given["jobs"]), cancelled=never)

    def finish(found: object) -> tuple[int, str]:
        assert isinstance(found, tuple)
        findings = sum(len(scan.findings) for scan in found)
        if not findings:
            sys.exit("the cache didn't answer: was a module of detection changed meanwhile?")
        return len(found), f"repositories, {findings} findings"

    return work, finish


def prepare_study(given: dict[str, object]) -> Prepared:
    """A study of many repositories, each with a cached scan as large as a real one's."""
    from mlx_tui.corpus.clone_cache import CloneCache
    from mlx_tui.corpus.clones_file import write_clones
    from mlx_tui.corpus.entries import write_corpus
    from mlx_tui.corpus.model import Clone, CloneStatus, CorpusEntry
    from mlx_tui.detection.cache import ScanCache
    from mlx_tui.detection.codebook import load_codebook
    from mlx_tui.paths import cache_dir
    from mlx_tui.study import Study
    from mlx_tui.study.corpus import work_tree
    from mlx_tui.study.scans import Scans

    study, clones, scans = (
        Path(str(given["study"])),
        CloneCache(cache_dir() / "clones"),
        ScanCache(cache_dir() / "scans"),
    )
    codebook = load_codebook()
    trees = [work_tree(Path(str(tree))) for tree in given["trees"]]  # type: ignore[attr-defined]
    real = Scans(codebook).run(trees, jobs=int(str(given["jobs"])))
    Study.create(study)

    def work() -> int:
        entries, pins = [], []
        for number in range(int(str(given["repositories"]))):
            repo, commit = f"owner{number % 997}/repository-{number}", f"{number:040x}"
            url = f"https://example.org/{repo}"
            (clones.folder(url) / commit).mkdir(parents=True)
            scans.put(replace(real[number % len(real)], repo=repo, commit=commit))
            entries.append(CorpusEntry(repo, url))
            pins.append(Clone(repo, url, commit, datetime.now(UTC), status=CloneStatus.READY))
        write_corpus(study / "corpus.csv", tuple(entries))
        write_clones(study / "clones.csv", tuple(pins))
        return len(entries)

    return work, lambda count: (int(str(count)), "")


def prepare_command(given: dict[str, list[str]]) -> Prepared:
    def work() -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(given["command"], capture_output=True, timeout=SEMGREP_TIMEOUT)

    def finish(done: object) -> tuple[int, str]:
        assert isinstance(done, subprocess.CompletedProcess)
        if done.returncode not in given["ok"]:
            sys.exit(done.stderr.decode(errors="replace"))
        return done.stdout.count(b"\n"), ""

    return work, finish


PREPARED: dict[str, Callable[..., Prepared]] = {
    "read": prepare_read,
    "cold": prepare_cold,
    "warm": prepare_warm,
    "prepare": prepare_study,
    "command": prepare_command,
}


# The report


def report(runs: dict[str, list[Measured]], trees: int) -> None:
    """Prints medians, ratios to the plain read, and whether each bar is met."""
    middle = {name: statistics.median(run.seconds for run in found) for name, found in runs.items()}
    read = middle["plain read"]
    print(f"\n{trees} repositories, {runs['plain read'][0].count} files, {runs['plain read'][0].detail}")
    print(f"{'':<14} {'median':>9} {'least':>9} {'processor':>10} {'× read':>8} {'memory':>9}  counted")
    for name, found in runs.items():
        least = min(run.seconds for run in found)
        processor = statistics.median(run.processor for run in found)
        memory = max(run.megabytes for run in found)
        counted = f"{found[0].count} {found[0].detail}".strip()
        ratio = f"{middle[name] / read:8.2f}" if name != "rescan, warm" else " " * 8
        print(f"{name:<14} {middle[name]:7.2f} s {least:7.2f} s {processor:8.2f} s {ratio} {memory:6.0f} MB  {counted}")
    cold_memory = max(run.megabytes for run in runs["scan, cold"])
    bars = [
        ("cold scan / plain read", middle["scan, cold"] / read, BAR_READ, "×"),
        ("memory of the cold scan", cold_memory, BAR_MEMORY, "MB"),
        ("warm rescan", middle["rescan, warm"], BAR_WARM, "s"),
    ]
    print()
    for name, value, bar, unit in bars:
        print(f"{'met   ' if value <= bar else 'MISSED'}  {name}: {value:.2f} {unit}, bar {bar:g} {unit}")
    if "semgrep" in middle:
        times = middle["semgrep"] / middle["scan, cold"]
        met = "met   " if times >= BAR_SEMGREP else "MISSED"
        print(f"{met}  semgrep / cold scan: {times:.1f} ×, bar {BAR_SEMGREP:g} ×")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure_here(sys.argv[2])
    else:
        main()
