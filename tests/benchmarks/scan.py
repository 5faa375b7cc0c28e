"""Measures the cold scan of clones side by side with a plain read, ripgrep and semgrep, and the warm rescan.

Run by hand: python tests/benchmarks/scan.py FOLDER... [--rounds 5] [--jobs 2] [--repositories 10000]

FOLDERs hold git work trees, at any depth of one. Each measurement runs in a process of its own, in rounds that
alternate, so that all meet the same load; medians are compared. "Cold" means that no scan is cached: the files come
from the system's cache for all alike. Memory is the peak of what the process and its children hold together,
shared pages counted once.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from scan_measuring import Measured
from scan_plans import measurements, work_trees
from scan_report import report
from scan_work import PREPARED


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
                if name == "semgrep" and number >= arguments.semgrep_rounds:
                    continue
                runs[name].append(run())
                print(f"round {number + 1}  {name:<14} {runs[name][-1].seconds:8.2f} s", file=sys.stderr)
        report(runs, len(trees))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--semgrep-rounds", type=int, default=1, help="of these, with semgrep: it takes long")
    parser.add_argument("--jobs", type=int, default=2, help="processes of the scan")
    parser.add_argument("--repositories", type=int, default=10_000, help="of the warm rescan")
    return parser.parse_args()


def measure_here(kind: str) -> None:
    """The process's side: prepares, times, and prints one line of JSON."""
    given = json.loads(sys.stdin.read())
    work, finish = PREPARED[kind](given)
    started = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - started
    count, detail = finish(result)
    print(json.dumps(asdict(Measured(seconds, 0.0, 0.0, count, detail))))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure_here(sys.argv[2])
    else:
        main()
