"""The command lines of an engine, and what is read of what it writes; nothing is run."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.reproduction.attempt_files import AttemptFiles
from mlx_tui.reproduction.container_engine import Box, Mount, ask_command, end_command, run_command
from mlx_tui.reproduction.container_image import build_command, image_failure
from mlx_tui.reproduction.container_step import step_command, within_run
from mlx_tui.reproduction.image_facts import ImageFacts, ImagePython, read_pythons
from mlx_tui.reproduction.install_failure import InstallCause
from mlx_tui.reproduction.model import Container, ImageOrigin

BOX = Box("mlx-tui-1", "sha256:1", "1000:1000", network=False)
PYTHON = ImagePython("/usr/bin/python3", "3.11.2", "/usr/lib/python3/dist-packages", ("mlflow",), pool=False)


def options(engine: str = "podman", box: Box = BOX) -> list[str]:
    line = run_command(engine, box, ["python", "train.py"])
    assert line[:2] == [engine, "run"]
    assert line[-3:] == ["sha256:1", "python", "train.py"]
    return line[2:-3]


@pytest.mark.parametrize("engine", ["docker", "podman"])
def test_every_container_is_confined(engine: str) -> None:
    text = " ".join(options(engine))
    for wanted in (
        "--name mlx-tui-1", "--pull never", "--cap-drop ALL", "--security-opt no-new-privileges", "--pids-limit 4096",
        "--user 1000:1000", "--network none",
    ):  # fmt: skip
        assert wanted in text
    assert "--memory" not in text
    assert ("--http-proxy=false" in text) is (engine == "podman")


def test_what_is_asked_for_is_an_option() -> None:
    box = Box(
        "n", "sha256:1", "0:0", network=True, memory=2**30, folder="/work", variables={"A": "b=c d"},
        mounts=(Mount(Path("/a"), "/b"), Mount(Path("/c"), "/c", writable=True), Mount(Path("/d:e,f"), "/g")),
        entrypoint="/bin/sh",
    )  # fmt: skip
    found = options(box=box)
    assert "--network" not in found
    for name, value in (
        ("--memory", str(2**30)), ("--workdir", "/work"), ("--env", "A=b=c d"), ("--entrypoint", "/bin/sh"),
        ("--volume", "/a:/b:ro"), ("--volume", "/c:/c"), ("--mount", 'type=bind,"source=/d:e,f",target=/g,readonly'),
    ):  # fmt: skip
        assert (name, value) in list(pairwise(found))


def test_a_container_is_asked_and_ended_by_its_name() -> None:
    assert ask_command("docker", "n")[:3] == ["docker", "exec", "n"]
    assert end_command("docker", "n")[-2:] == ["docker", "n"]


def test_an_image_is_built_under_the_programs_label(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:pw@proxy:1")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy:1")
    files = AttemptFiles(tmp_path / "id")
    container = Container("podman", "x", "MLproject", ImageOrigin.DOCKERFILE, "d/Dockerfile", "d")
    line = build_command(container, "localhost/mlx-tui/x:1", files, "c0ffee")
    assert line[:4] == ["podman", "build", "--tag", "localhost/mlx-tui/x:1"]
    assert ("--label", "mlx-tui.commit=c0ffee") in list(pairwise(line))
    assert line[-3:] == ["--file", str(files.work / "d/Dockerfile"), str(files.work / "d")]
    assert "HTTP_PROXY=http://proxy:1" in line
    assert not any("pw@" in word for word in line)
    assert "mlx-tui-id:127.0.0.1" in line


WITH, WITHOUT = ImageFacts("1", entrypoint=True, pythons=(PYTHON,)), ImageFacts("1", entrypoint=False)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("python train.py --alpha '0 5'", ["python", "train.py", "--alpha", "0 5"]),
        ("python a.py && python b.py", ["/bin/sh", "-c", "python a.py && python b.py"]),
        ("A=1 python a.py", ["/bin/sh", "-c", "A=1 python a.py"]),
        ("python 'a.py", ["/bin/sh", "-c", "python 'a.py"]),
    ],
)
def test_an_entry_point_is_given_words_where_no_shell_is_needed(text: str, words: list[str]) -> None:
    assert step_command(text, WITH) == words
    assert step_command(text, WITHOUT)[-3:] == ["/bin/sh", "-c", text]
    assert step_command(text, WITHOUT)[:2] == ["/bin/sh", "-c"]


def test_a_run_of_mlflows_needs_a_python() -> None:
    assert within_run(["x"], "name", WITHOUT) == ["x"]
    assert within_run(["x"], "name", WITH)[0] == "/usr/bin/python3"


@pytest.mark.parametrize(
    ("output", "cause", "told"),
    [
        ("Trying\nError: initializing source: dial tcp: no such host", InstallCause.NETWORK, "x: Error: initializing"),
        (f"Error: {'long ' * 40}: dial tcp: no such host", InstallCause.NETWORK, "x: dial tcp: no such host"),
        ("Error: write /x: no space left on device", InstallCause.DISK, "no space left"),
        ("Error response from daemon: manifest unknown\n\nRun 'docker --help'", InstallCause.IMAGE, "manifest unknown"),
        ("ERROR: No matching thing\nError: building at STEP", InstallCause.IMAGE, "x: ERROR: No matching thing"),
        ("", InstallCause.IMAGE, "nothing was printed"),
    ],
)
def test_why_there_is_no_image(output: str, cause: InstallCause, told: str) -> None:
    failure = image_failure("x", output)
    assert failure.cause is cause
    assert told in failure.message


def line(**changed: object) -> str:
    fields = {"program": "/p/python", "version": "3.9.1", "folder": "/p/lib", "names": ["six.py"], "pool": False}
    return json.dumps(fields | changed)


def test_the_interpreters_of_an_image_are_read_each_once() -> None:
    output = "\n".join(["hello", line(), line(program="/q/python"), line(folder="/q/lib", names=["a-1.0.dist-info"])])
    found = read_pythons(output)
    assert [python.program for python in found] == ["/p/python", "/p/python"]
    assert found[1].versions == {"a": "1.0"}


@pytest.mark.parametrize("folder", ["", "relative", "/a:/b:rw", "/a,readonly=false", "/a\n/b"])
def test_a_place_that_would_be_read_as_options_is_no_place(folder: str) -> None:
    assert read_pythons(line(folder=folder)) == ()


@given(st.text())
def test_no_output_of_an_image_breaks_the_reading(text: str) -> None:
    assert read_pythons(text) == ()


@pytest.mark.parametrize(
    ("names", "pool", "database"),
    [
        ((), False, False),
        (("mlflow-2.8.0.dist-info",), False, False),
        (("mlflow-2.8.0.dist-info", "SQLAlchemy-2.0.1.dist-info"), False, True),
        (("mlflow_skinny-2.8.0.dist-info", "sqlalchemy-2.1.0.dist-info"), True, False),
        (("mlflow-1.8.0.dist-info", "SQLAlchemy-2.0.1.dist-info"), False, False),
    ],
)
def test_whether_its_mlflow_makes_a_database(names: tuple[str, ...], pool: bool, database: bool) -> None:
    python = ImagePython("/p", "3.9.1", "/l", names, pool)
    assert ImageFacts("1", entrypoint=False, pythons=(python,)).makes_database is database
