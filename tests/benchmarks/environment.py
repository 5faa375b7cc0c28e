"""Measures the building of one project's environment side by side: this program, and `mlflow run` with its managers.

Run by hand: python tests/benchmarks/environment.py --mlflow PATH/bin/mlflow [--rounds 3] [--python 3.11.7]
    [--states cold warm again]

PATH is a virtual environment with mlflow, virtualenv and uv in it, made for this alone; `pyenv` with the interpreter of
that version must be on the PATH, else the manager virtualenv is left out. The project is an MLproject with a
`python_env` and the packages of the sample `sklearn-mlproject`; its entry point does nothing, so that what is measured
is the environment. Three states, in rounds that alternate between the programs:

  cold    neither packages nor environments are cached
  warm    packages are cached, the environment is built anew
  again   the environment of the run before may be used again (this program never does)

What `mlflow run` takes without an environment of its own (`--env-manager local`) is taken off its times to get those
of the environment; this program says itself what the environment took. Medians are printed, and beside them the best
round of each, which other work on the machine disturbed least.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SAMPLE = Path(__file__).parents[2] / "sample_corpus" / "sklearn-mlproject"
OURS, VIRTUALENV, UV, LOCAL = "mlx-tui", "mlflow virtualenv", "mlflow uv", "mlflow local"
STATES = ("cold", "warm", "again")
BAR = 5.0


@dataclass(frozen=True)
class Measured:
    """Seconds of a whole command, and of the environment in it; None where the program doesn't tell."""

    whole: float
    environment: float | None = None


class Bench:
    """One program's caches, and how it is run."""

    def __init__(self, name: str, root: Path, project: Path, mlflow: Path) -> None:
        self.name, self.project, self.mlflow = name, project, mlflow
        self.root = root / name.replace(" ", "-")
        self.environments = self.root / "environments"
        self.caches = self.root / "caches"

    def forget(self, state: str) -> None:
        """Removes what the state says isn't there."""
        for folder in {"cold": (self.environments, self.caches), "warm": (self.environments,), "again": ()}[state]:
            shutil.rmtree(folder, ignore_errors=True)
        for folder in (self.environments, self.caches):
            folder.mkdir(parents=True, exist_ok=True)

    def run(self) -> Measured:
        """Runs the project once."""
        began = time.monotonic()
        said = self._ours() if self.name == OURS else self._mlflow()
        return Measured(time.monotonic() - began, said)

    def _variables(self) -> dict[str, str]:
        own = {
            "PIP_CACHE_DIR": f"{self.caches}/pip",
            "UV_CACHE_DIR": f"{self.caches}/uv",
            "MLX_TUI_CACHE_DIR": f"{self.caches}/mlx-tui",
            "VIRTUALENV_OVERRIDE_APP_DATA": f"{self.caches}/virtualenv",
            "MLFLOW_ENV_ROOT": str(self.environments),
            "MLFLOW_TRACKING_URI": f"sqlite:///{self.root}/mlflow.db",
            "PATH": f"{self.mlflow.parent}:{os.environ['PATH']}",
        }
        return os.environ | own

    def _mlflow(self) -> None:
        line = [str(self.mlflow), "run", str(self.project), "--env-manager", self.name.removeprefix("mlflow ")]
        self._do(line)

    def _ours(self) -> float:
        line = [sys.executable, "-m", "mlx_tui", "reproduce", str(self.project), "--again", "--json"]
        states = json.loads(self._do([*line, "--study", str(self.environments)]))
        assert states[0]["outcome"] == "executed", states[0]["reason"]
        return float(states[0]["environment_seconds"])

    def _do(self, line: list[str]) -> str:
        done = subprocess.run(line, env=self._variables(), cwd=self.root, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{self.name} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
        return done.stdout


def main() -> None:
    """Runs everything in alternating rounds and prints medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mlflow", type=Path, required=True, help="the mlflow program of an environment of its own")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--states", nargs="+", choices=STATES, default=list(STATES))
    parser.add_argument("--python", default=".".join(map(str, sys.version_info[:3])))
    arguments = parser.parse_args()
    names = [OURS, VIRTUALENV, UV, LOCAL]
    if shutil.which("pyenv") is None:
        names.remove(VIRTUALENV)
        print("there is no pyenv on the PATH: without the manager virtualenv", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="mlx-tui-benchmark-") as scratch:
        project = make_project(Path(scratch) / "project", arguments.python)
        benches = [Bench(name, Path(scratch), project, arguments.mlflow.absolute()) for name in names]
        measured = measure(benches, arguments.rounds, arguments.states)
    report(names, arguments.states, measured)


def make_project(folder: Path, python: str) -> Path:
    """A git work tree with an MLproject that only needs its environment."""
    folder.mkdir()
    (folder / "MLproject").write_text(
        'name: environment\npython_env: python_env.yaml\nentry_points:\n  main:\n    command: "python main.py"\n'
    )
    (folder / "main.py").write_text("import importlib.util as u\n\nassert u.find_spec('mlflow'), 'mlflow'\n")
    (folder / "python_env.yaml").write_text(
        f'python: "{python}"\nbuild_dependencies:\n  - pip\ndependencies:\n  - -r requirements.txt\n'
    )
    shutil.copy(SAMPLE / "requirements.txt", folder / "requirements.txt")
    who = {"GIT_CONFIG_GLOBAL": "/dev/null"}
    who |= {f"GIT_{role}_{what}": "a@b" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    for line in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "project"]):
        subprocess.run(["git", "-C", str(folder), *line], env=os.environ | who, check=True)
    return folder


def measure(benches: list[Bench], rounds: int, states: list[str]) -> dict[tuple[str, str], list[Measured]]:
    """Every program in every state, in rounds; caches that a state needs are filled before."""
    found: dict[tuple[str, str], list[Measured]] = {}
    for bench in benches if "cold" not in states else []:
        bench.forget("cold")
        bench.run()
    for number in range(1, rounds + 1):
        for state in (state for state in STATES if state in states):
            for bench in benches:
                bench.forget(state)
                one = bench.run()
                found.setdefault((bench.name, state), []).append(one)
                own = f"  environment {one.environment:6.2f} s" if one.environment is not None else ""
                print(f"round {number}  {state:<6} {bench.name:<18} {one.whole:7.2f} s{own}", file=sys.stderr)
    return found


def report(names: list[str], states: list[str], measured: dict[tuple[str, str], list[Measured]]) -> None:
    """Prints seconds of the whole command and of the environment, and how many times as long the others take."""
    for title, of in (("median", statistics.median), ("best round", min)):
        print(f"{title:<11} {'program':<18} {'whole':>9} {'× ours':>8} {'environment':>12} {'× ours':>8}")
        for state in states:
            print_state(names, state, measured, of)


def print_state(
    names: list[str], state: str, measured: dict[tuple[str, str], list[Measured]], of: Callable[[list[float]], float]
) -> None:
    """Prints a row for each program."""
    whole = {name: of([one.whole for one in measured[name, state]]) for name in names}
    environment = {name: max(whole[name] - whole[LOCAL], 0.0) for name in names}
    environment[OURS] = of([one.environment or 0.0 for one in measured[OURS, state]])
    for name in names:
        times = f"{whole[name] / whole[OURS]:7.1f}×", f"{environment[name] / environment[OURS]:7.1f}×"
        print(f"{state:<11} {name:<18} {whole[name]:8.2f}s {times[0]} {environment[name]:11.2f}s {times[1]}")
    if state == "warm" and VIRTUALENV in names:
        met = "met" if environment[VIRTUALENV] / environment[OURS] >= BAR else "NOT met"
        print(f"{'':<11} bar: environment {BAR:g} × faster than virtualenv, warm: {met}")


if __name__ == "__main__":
    main()
