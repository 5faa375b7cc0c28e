"""Environments built by uv: the marked tests install small packages from the package index."""

import subprocess
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from mlx_tui.reproduction.build_environment import BuildResult, build_environment
from mlx_tui.reproduction.install_failure import InstallCause
from mlx_tui.reproduction.interpreters import choose_interpreter
from mlx_tui.reproduction.logged_process import Cancelled
from mlx_tui.reproduction.model import EnvironmentSpec
from mlx_tui.reproduction.requirement_guard import is_passed_on, refusal
from mlx_tui.reproduction.uv_process import UvProcess, uv_variables
from tests.unit.reproduction.clones import write


def spec(*requirements: str, as_of: str = "", constraints: tuple[str, ...] = ()) -> EnvironmentSpec:
    path, version, _ = choose_interpreter(">=3.8,<3.12")
    return EnvironmentSpec("requirements", "r.txt", "", path, version, requirements, ".", as_of, constraints)


def build(folder: Path, wanted: EnvironmentSpec, wrapped: list[Sequence[str]] | None = None) -> tuple[BuildResult, str]:
    log = bytearray()
    work = folder / "work"
    work.mkdir(exist_ok=True)

    def wrap(command: Sequence[str]) -> Sequence[str]:
        (wrapped if wrapped is not None else []).append(command)
        return command

    result = build_environment(wanted, work, folder / "env", log.extend, wrap=wrap)
    return result, log.decode()


@pytest.mark.attempt
def test_open_versions_are_of_the_date_and_pins_are_taken_whatever_theirs(tmp_path: Path) -> None:
    wanted = spec("python-dateutil", "six==1.16.0", as_of="2019-06-01T00:00:00Z")
    result, log = build(tmp_path, wanted)
    assert result.built
    assert result.freeze == ("python-dateutil==2.8.0", "six==1.16.0")
    assert result.spec == wanted
    assert (tmp_path / "environment.txt").read_text().splitlines() == list(result.freeze)
    assert "python-dateutil==2.8.0" in log
    run = [str(tmp_path / "env/bin/python"), "-c", "import six; print(six.__version__)"]
    assert subprocess.run(run, capture_output=True, text=True, check=True).stdout.strip() == "1.16.0"


@pytest.mark.attempt
def test_what_only_conda_has_is_left_out_of_a_conda_file_and_of_no_other(tmp_path: Path) -> None:
    wanted = spec("mlx-tui-no-such-package==1.0", "six==99.0", "mlx-tui-none-either", as_of="2022-01-01T00:00:00Z")
    result, _ = build(tmp_path, wanted)
    assert result.failure is not None
    assert (result.failure.cause, result.failure.unknown) == (InstallCause.NO_VERSION, True)
    wrapped: list[Sequence[str]] = []
    result, log = build(tmp_path, replace(wanted, source="conda"), wrapped)
    assert result.freeze == ("six==1.16.0",)
    alone = ["--no-deps" in command for command in wrapped]
    assert alone == [True, True, True, True, True, False]  # what the index has is asked of the list alone
    assert result.spec.requirements == ("six",)
    told = {item.asked: item.used for item in result.deviations}
    assert told == {
        "mlx-tui-no-such-package==1.0": "left out",
        "six==99.0": "==99.0.*",
        "six==99.0.*": "left open in its version",
        "mlx-tui-none-either": "left out",
    }
    assert log.count("the package index doesn't have it") == 4


@pytest.mark.attempt
def test_what_was_resolved_as_of_a_date_is_not_resolved_again(tmp_path: Path) -> None:
    wanted = spec("python-dateutil", as_of="2019-05-01T00:00:00Z")
    freezes = []
    for name, count in (("a", 1), ("b", 0)):
        (tmp_path / name).mkdir()
        wrapped: list[Sequence[str]] = []
        freezes.append(build(tmp_path / name, wanted, wrapped)[0].freeze)
        assert len(wrapped) == count
    assert freezes[0] == freezes[1] != ()


@pytest.mark.attempt
def test_a_lock_constrains_and_installs_nothing_of_its_own(tmp_path: Path) -> None:
    wanted = spec("python-dateutil==2.9.0", constraints=("six==1.15.0", "pytz==2020.1"))
    freeze = build(tmp_path, wanted)[0].freeze
    assert "six==1.15.0" in freeze
    assert not any(line.startswith("pytz") for line in freeze)


@pytest.mark.attempt
def test_what_the_date_rules_out_is_resolved_as_of_today_and_told(tmp_path: Path) -> None:
    # exceptiongroup was first published in 2022.
    result, log = build(tmp_path, spec("exceptiongroup", as_of="2019-06-01T00:00:00Z"))
    assert result.built
    assert result.spec.as_of == ""
    assert [(item.asked, item.used) for item in result.deviations] == [("as of 2019-06-01", "as of today")]
    assert "exceptiongroup" in log


@pytest.mark.attempt
def test_the_clones_own_package_is_built_in_isolation_and_shares_no_inode_with_the_cache(tmp_path: Path) -> None:
    write(
        tmp_path, "work/setup.py", 'from setuptools import setup\nsetup(name="own", version="1", py_modules=["own"])\n'
    )
    write(tmp_path, "work/own.py", "WHERE = __file__\n")
    wrapped: list[Sequence[str]] = []
    result, _ = build(tmp_path, spec("six", "-e ."), wrapped)
    assert result.built
    assert ["compile" in command for command in wrapped] == [True, False]
    assert any("own" in line for line in result.freeze)
    (installed,) = (tmp_path / "env").glob("lib/*/site-packages/six.py")
    assert installed.stat().st_nlink == 1
    assert not list(tmp_path.glob("uv-cache-*"))


@pytest.mark.attempt
def test_what_exists_only_as_source_isnt_replaced_by_an_older_wheel(tmp_path: Path) -> None:
    # Between 0.8.7 and 0.15 databricks-cli was published as source only; tools of 2021 build on Python 3.11 or older.
    if choose_interpreter(">=3.8,<3.12")[2] is not None:
        pytest.skip("needs Python 3.8 to 3.11")
    wrapped: list[Sequence[str]] = []
    result, _ = build(tmp_path, spec("databricks-cli", as_of="2021-06-12T00:00:00Z"), wrapped)
    assert "databricks-cli==0.14.3" in result.freeze
    assert len(wrapped) == 2


@pytest.mark.attempt
@pytest.mark.parametrize(
    ("requirement", "cause", "package"),
    [
        ("six==", InstallCause.MALFORMED, "six=="),
        ("six==0.0.0.1", InstallCause.NO_VERSION, "six==0.0.0.1"),
        ("pywin32==306", InstallCause.NO_WHEEL, "pywin32==306"),
    ],
)
def test_failures_are_classed(tmp_path: Path, requirement: str, cause: InstallCause, package: str) -> None:
    failure = build(tmp_path, spec(requirement))[0].failure
    assert failure is not None
    assert (failure.cause, failure.package) == (cause, package)


@pytest.mark.attempt
def test_a_dead_index_is_the_networks_failure_and_no_other_date_is_tried(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    log = bytearray()
    variables = uv_variables() | {"UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple", "UV_HTTP_RETRIES": "0"}
    variables["UV_CACHE_DIR"] = str(tmp_path / "cache")
    wanted = spec("six", as_of="2020-01-01T00:00:00Z")
    result = build_environment(wanted, tmp_path / "work", tmp_path / "env", log.extend, variables=variables)
    assert result.failure is not None
    assert result.failure.cause is InstallCause.NETWORK
    assert log.decode().count("pip compile") == 1


def test_cancelling_ends_every_process(tmp_path: Path) -> None:
    stop = threading.Event()
    uv = UvProcess(tmp_path, lambda data: stop.set() if b"begun" in data else None, stop.is_set)
    with pytest.raises(Cancelled):
        uv.run(["sh", "-c", "trap '' TERM; sleep 300.125 & echo be''gun; wait; sleep 300.125"])
    named = [item for item in psutil.process_iter(["cmdline"]) if item.info["cmdline"] == ["sleep", "300.125"]]
    left = [item for item in named if item.is_running() and item.status() != psutil.STATUS_ZOMBIE]
    assert not left


def test_a_build_that_is_cancelled_says_so(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    result = build_environment(spec("six"), tmp_path / "work", tmp_path / "env", lambda _: None, lambda: True)
    assert result.cancelled
    assert not result.built
    assert result.failure is None


@pytest.mark.parametrize(
    "line",
    [
        "-r ../../etc/passwd",
        "-e ../..",
        "-c /etc/passwd",
        "x @ file:///etc/passwd",
        "/etc",
        "-e link",
        "-f /etc",
        "./gone",
    ],
)
def test_nothing_outside_the_clone_is_given_to_uv(tmp_path: Path, line: str) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work/link").symlink_to("/etc")
    wanted = EnvironmentSpec("requirements", "r.txt", "", "/nowhere", "3.11", (line.replace("-e link", "-e ./link"),))
    found = refusal(wanted, tmp_path / "work")
    assert found is not None
    assert found.cause is InstallCause.MISSING_FILE


def test_variables_are_not_filled_into_requirements(tmp_path: Path) -> None:
    wanted = EnvironmentSpec("requirements", "", "", "", "", ("--index-url https://example.org/${HOME}",))
    found = refusal(wanted, tmp_path)
    assert found is not None
    assert found.cause is InstallCause.MALFORMED


def test_ordinary_lists_are_given_to_uv(tmp_path: Path) -> None:
    lines = (
        "mlflow[extras]>=2 ; python_version < '3.12'",
        "-e .",
        "x @ https://example.org/x.whl",
        "git+https://e.org/x.git",
    )
    assert refusal(EnvironmentSpec("requirements", "", "", "", "", lines), tmp_path) is None
    assert all(is_passed_on(line) for line in (*lines, "--extra-index-url https://e.org", "-f https://e.org/x.html"))
    assert not any(
        is_passed_on(line) for line in ("--use-feature=x", "--trusted-host e.org", "-r gone.txt", "-f ./wheels")
    )


def test_uv_sees_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary")
    monkeypatch.setenv("UV_EXCLUDE_NEWER", "2020-01-01")
    variables = uv_variables()
    assert "canary" not in variables.values()
    assert "UV_EXCLUDE_NEWER" not in variables
