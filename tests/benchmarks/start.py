"""Measures the cold start: imports, `--help`, and the first screen in a pseudo-terminal.

Run by hand: python tests/benchmarks/start.py [--rounds 5] [--repositories 10000]

The first screen is usable when a repository of the corpus is on it; the key after that is timed too. "Unscanned" has
`corpus.csv` alone; "scanned" has as many clones and cached scans.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from driven import PROGRAM, Driven
from made_studies import scanned_study, unscanned_study

BAR_HELP, BAR_SCREEN = 0.25, 1.0
WIDEST_IMPORTS = 12
FIRST = "owner0/repository-0"


def main() -> None:
    """Prints the imports' costs, medians, and whether the bars are met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--repositories", type=int, default=10_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mlx-tui-benchmark-") as scratch:
        for name in ("MLX_TUI_CACHE_DIR", "XDG_DATA_HOME"):
            os.environ[name] = f"{scratch}/{name}"
        root = Path(scratch)
        print("mlx-tui --help imports, milliseconds of their own and with what they import:")
        imports("import mlx_tui.cli.app")
        print("the interface imports:")
        imports("import mlx_tui.study, mlx_tui.tui.app")
        times = [seconds_of([str(PROGRAM), "--help"]) for _ in range(arguments.rounds)]
        tell("mlx-tui --help", times, BAR_HELP)
        tell("python -c pass, for comparison", [seconds_of([sys.executable, "-c", ""]) for _ in times])
        studies = {
            "14 repositories, scanned": scanned_study(root / "few", 14),
            f"{arguments.repositories} repositories, unscanned": unscanned_study(root / "new", arguments.repositories),
            f"{arguments.repositories} repositories, scanned": scanned_study(root / "many", arguments.repositories),
        }
        bare, opened = [], {name: [] for name in studies}
        for _ in range(arguments.rounds):  # in turns, so that all meet the same load
            bare.append(bare_screen())
            for name, study in studies.items():
                opened[name].append(first_screen(study))
        tell("an empty Textual app: first screen", [screen for screen, _ in bare])
        tell("  processor", [processor for _, processor in bare])
        for name, runs in opened.items():
            tell(f"{name}: first screen", [run.screen for run in runs], BAR_SCREEN)
            tell("  processor", [run.processor for run in runs])
            tell("  times an empty app", [run.screen / screen for run, (screen, _) in zip(runs, bare, strict=True)])
            tell("  the first key after that", [run.key for run in runs])
            tell("  all is read", [run.whole for run in runs])


def imports(statement: str) -> None:
    """Prints the modules whose import takes longest by themselves."""
    done = subprocess.run([sys.executable, "-X", "importtime", "-c", statement], capture_output=True, text=True)
    rows = [line.removeprefix("import time:").split("|") for line in done.stderr.splitlines()[1:]]
    costs = sorted(((int(own), int(all_), name.strip()) for own, all_, name in rows), reverse=True)
    print(f"  {sum(own for own, _, _ in costs) / 1000:7.1f} ms in {len(costs)} modules")
    for own, all_, name in costs[:WIDEST_IMPORTS]:
        print(f"  {own / 1000:7.1f} {all_ / 1000:7.1f}  {name}")


def seconds_of(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


@dataclass(frozen=True)
class Opened:
    """Seconds until the first repository is seen (of the clock and of the processor), and from then to the next paint
    that a key causes; and until all is read."""

    screen: float
    processor: float
    key: float
    whole: float


def first_screen(study: Path) -> Opened:
    """Opens a study."""
    with Driven([str(study)]) as program:
        seen = program.until(lambda driven: driven.cursor_row == 2 and FIRST in driven.text)
        processor = program.processor
        pressed = program.press("j")
        answered = program.until(lambda driven: driven.cursor_row == 3)
        whole = program.until(lambda driven: "findings judged" in driven.text)
        if seen is None or answered is None or whole is None:
            sys.exit(f"the program didn't answer; its screen is:\n{program.text}")
        return Opened(seen - program.started, processor, answered - pressed, whole - program.started)


def bare_screen() -> tuple[float, float]:
    """Seconds until an app of Textual with one line of text is seen: of the clock, and of the processor."""
    code = "from textual.app import App\nfrom textual.widgets import Static\n"
    code += "class Bare(App):\n    def compose(self):\n        yield Static('here it is')\nBare().run()"
    with Driven(["-c", code], program=sys.executable) as program:
        seen = program.until(lambda driven: "here it is" in driven.text)
        assert seen is not None
        return seen - program.started, program.processor


def tell(what: str, times: list[float], bar: float | None = None) -> None:
    """Prints the median and the range in seconds, and whether the median meets the bar."""
    middle = statistics.median(times)
    met = "" if bar is None else f"   {'met' if middle < bar else 'MISSED'} (bar {bar:g} s)"
    print(f"{what:<52} {middle:7.3f}   {min(times):.3f} to {max(times):.3f}{met}")


if __name__ == "__main__":
    main()
