"""What is measured: each prepares, returns the work to time, and how its result is counted."""

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

SEMGREP_TIMEOUT = 1800

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


def prepare_parse(given: dict[str, str]) -> Prepared:
    """Syntax trees of the Python files that name MLflow, and nothing else: less than any scan that reads them does."""
    import ast
    import warnings

    paths = [path for path in Path(given["listing"]).read_bytes().split(b"\0") if path.endswith(b".py")]
    warnings.simplefilter("ignore")

    def work() -> int:
        parsed = 0
        for path in paths:
            with open(path, "rb") as stream:  # noqa: PTH123
                data = stream.read()
            if b"mlflow" in data:
                try:
                    ast.parse(data)
                except (SyntaxError, ValueError, RecursionError):
                    continue
                parsed += len(data)
        return parsed

    return work, lambda parsed: (len(paths), f"{int(str(parsed)) / 1e6:.0f} MB parsed")


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
    "parse": prepare_parse,
    "cold": prepare_cold,
    "warm": prepare_warm,
    "prepare": prepare_study,
    "command": prepare_command,
}
