"""What is asked of a plan on the command line, and kept with the study."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).parent / "mlx-tui"
SAMPLE = "sklearn-mlproject"


def mlx(study: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    line = [str(PROGRAM), *arguments, "--study", str(study)]
    return subprocess.run(line, capture_output=True, text=True, timeout=120, check=False)


def plan(study: Path, *arguments: str) -> dict[str, object]:
    done = mlx(study, "plan", SAMPLE, "--json", *arguments)
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    steps = [step["text"] for step in made["candidate"]["steps"]]
    return {key: made[key] for key in ("timeout", "network", "repair", "memory")} | {"steps": steps}


def test_a_choice_is_kept_with_the_study_until_it_is_forgotten(demo_folder: Path) -> None:
    found = plan(demo_folder)
    asked = ("-P", "c=0.25", "--timeout", "77", "--no-network", "--repair", "--memory", "2048")
    chosen = plan(demo_folder, *asked)
    assert chosen == {
        "timeout": 77,
        "network": False,
        "repair": True,
        "memory": 2 << 30,
        "steps": ["python train.py --c 0.25 --l1-ratio 0.5 --seed 42"],
    }
    assert plan(demo_folder) == found
    assert plan(demo_folder, *asked, "--keep") == plan(demo_folder) == chosen
    assert plan(demo_folder, "--network", "--no-repair") == chosen | {"network": True, "repair": False}
    assert plan(demo_folder, "--command", "python path.py", "--workdir", "src")["steps"] == ["python path.py"]
    assert plan(demo_folder, "--forget") == plan(demo_folder) == found


def test_a_command_that_was_kept_is_forgotten_alone(demo_folder: Path) -> None:
    found = plan(demo_folder)
    kept = plan(demo_folder, "--command", "pyhton train.py", "--no-network", "--keep")
    assert kept["steps"] == ["pyhton train.py"] and plan(demo_folder) == kept
    done = mlx(demo_folder, "plan", SAMPLE, "--command", "something else", "--forget")
    assert done.returncode == 2 and "no such command was kept" in done.stderr
    rest = plan(demo_folder, "--command", "pyhton train.py", "--forget")
    assert rest == plan(demo_folder) == found | {"network": False}


def ways(study: Path, *arguments: str) -> list[tuple[str, int, str, bool, bool]]:
    made = json.loads(mlx(study, "plan", SAMPLE, "--json", *arguments).stdout)
    return [
        (c["path"], c["line"], "; ".join(step["text"] for step in c["steps"]), way["chosen"], way["own"])
        for way in made["ways"]
        for c in [way["candidate"]]
    ]


def test_every_way_is_listed_and_a_number_takes_one(demo_folder: Path) -> None:
    found = [
        ("MLproject", 11, "python train.py --c 0.5 --l1-ratio 0.5 --seed 42", True, False),
        ("MLproject", 15, "python path.py --l1-ratio 0.5", False, False),
        ("train.py", 53, "python train.py", False, False),
        ("path.py", 29, "python path.py", False, False),
    ]
    assert ways(demo_folder) == ways(demo_folder, "--way", "2") == found
    assert plan(demo_folder, "--way", "2")["steps"] == ["python path.py --l1-ratio 0.5"]
    assert plan(demo_folder, "--way", "4", "--keep") == plan(demo_folder)
    assert [way[3] for way in ways(demo_folder)] == [False, False, False, True]
    # A command that is written and kept is listed first, as on the plan's screen.
    assert ways(demo_folder, "--command", "python mine.py") == ways(demo_folder)
    assert ways(demo_folder, "--command", "python mine.py", "--keep")[0] == ("", 0, "python mine.py", True, True)
    assert plan(demo_folder, "--way", "2", "-P", "l1-ratio=0.25")["steps"] != plan(demo_folder, "--way", "2")["steps"]
    told = mlx(demo_folder, "plan", SAMPLE, "--way", "5").stdout
    assert "● 5  path.py:29    python path.py " in told and "  2  MLproject:11  python train.py --c 0.5" in told


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("plan", SAMPLE, "--as-of", "2024-02-30"), "`2024-02-30` is not a date"),
        (("plan", SAMPLE, "-P", "c"), "c isn't NAME=VALUE"),
        (("plan", "noisy-mlp", "-P", "c=1"), "its parameters are: epochs, hidden, noise"),
        (("plan", SAMPLE, "--isolation", "vm"), "isolation"),
        (("plan", SAMPLE, "--way", "9"), "there is no way 9: `mlx-tui plan` lists 4"),
        (("plan", SAMPLE, "--way", "1", "--command", "true"), "use one of them"),
        (("reproduce",), "name repositories, or give --all"),
        (("reproduce", SAMPLE, "--all"), "name repositories, or give --all"),
        (("outcome", "nothing"), "no attempts have an id that begins with nothing"),
    ],
)
def test_what_makes_no_sense_is_wrong_use(demo_folder: Path, arguments: tuple[str, ...], says: str) -> None:
    done = mlx(demo_folder, *arguments)
    assert done.returncode == 2, done.stdout
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_the_outcome_of_an_attempt_is_told(demo_folder: Path) -> None:
    assert mlx(demo_folder, "reproduce", "lookalike", "--json").returncode == 1
    done = mlx(demo_folder, "outcome", "lookalike")
    assert done.returncode == 0
    assert "✗ failed" in done.stdout and "no_entry_point: nothing says how the experiment is run" in done.stdout
    told = json.loads(mlx(demo_folder, "outcome", "lookalike", "--json").stdout)
    assert told["attempt"]["state"]["cause"] == "no_entry_point"
    again = mlx(demo_folder, "reproduce", "lookalike")
    assert "ran before: failed (no_entry_point); --again runs it again" in again.stderr
    assert "Of 1 repository: 0 executed as is, 0 after named repairs, 0 with metrics equal" in again.stdout
