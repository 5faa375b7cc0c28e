"""Attempts in containers, with an engine that works: podman's own command, and docker's on podman's service."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from attempt_support import again, assert_nothing_left, commit_repository, finished, log_of, run, started, until
from container_support import (
    IMAGE,
    assert_no_container,
    container_plan,
    engine_call,
    forget,
    image_of_this_python,
    import_image,
    let_podman_work,
    served_to_docker,
)
from leaving import ENDS, LEAVES, TRIES
from uv import find_uv_bin

from mlx_tui.json_file import read_json
from mlx_tui.reproduction.attempts import cancel_attempt
from mlx_tui.reproduction.built_images import listing, prune
from mlx_tui.reproduction.container_image import built_name, found_id
from mlx_tui.reproduction.leftovers import processes_of
from mlx_tui.reproduction.model import (
    Attempt,
    CapturedRuns,
    Cause,
    Container,
    ImageOrigin,
    Isolation,
    Outcome,
    Plan,
    Variable,
)
from mlx_tui.reproduction.plan import make_plan
from mlx_tui.reproduction.plan_key import plan_key
from mlx_tui.reproduction.plan_options import PlanOptions
from mlx_tui.reproduction.plan_text import render_plan

MLFLOW = f"localhost/mlx-tui-tests/mlflow:{os.getpid()}"


WITH_PODMAN = pytest.mark.parametrize("engine", ["podman"], indirect=True)
"""For what takes long, and is the same where docker's command speaks to podman."""


@pytest.fixture(scope="module", params=["podman", "docker"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An engine that works here, with the image of this Python."""
    folder = tmp_path_factory.mktemp("engine")
    if not shutil.which("podman") or not shutil.which(request.param):
        pytest.skip(f"no {request.param}, or no podman behind it")
    with pytest.MonkeyPatch.context() as patch:
        if problem := let_podman_work(patch, folder):
            pytest.skip(f"podman doesn't work here: {problem}")
        import_image("podman", image_of_this_python(), IMAGE)
        try:
            if request.param == "docker":
                with served_to_docker(patch, folder):
                    yield "docker"
            else:
                yield "podman"
        finally:
            engine_call("podman", "rmi", "--force", IMAGE)
            forget()


def done(tmp_path: Path, plan: Plan) -> Attempt:
    attempt = run(tmp_path, plan)
    assert_nothing_left(attempt)
    assert_no_container(plan, attempt)
    return attempt


def ended(attempt: Attempt, how: str) -> Attempt:
    if how not in ("cancel", "killed supervisor"):
        return finished(attempt)
    until(lambda: "\nup" in log_of(attempt).partition("=== running")[2])
    if how == "killed supervisor":
        os.kill(again(attempt).state.supervisor_pid, signal.SIGKILL)
        return finished(attempt)
    return cancel_attempt(attempt)


@pytest.mark.parametrize("how", ENDS)
def test_nothing_is_left_of_a_container(tmp_path: Path, engine: str, how: str) -> None:
    code, outcome = ENDS[how]
    plan = container_plan(tmp_path, engine, LEAVES + code, timeout=5 if how == "timeout" else 60)
    attempt = started(tmp_path, plan)
    end = ended(attempt, how)
    assert end.state.outcome is outcome, log_of(attempt)
    until(lambda: not psutil.pid_exists(again(attempt).state.supervisor_pid))
    until(lambda: not (Path(attempt.folder) / "tmp").exists())  # by the guard, where the supervisor was killed
    assert_nothing_left(attempt)
    assert_no_container(plan, attempt)


@WITH_PODMAN
def test_what_outlives_supervisor_and_guard_is_ended_by_who_finds_the_attempt(tmp_path: Path, engine: str) -> None:
    plan = container_plan(tmp_path, engine, LEAVES + "time.sleep(1000)", timeout=60)
    attempt = started(tmp_path, plan)
    until(lambda: "\nup" in log_of(attempt).partition("=== running")[2])
    supervisor = psutil.Process(again(attempt).state.supervisor_pid)
    (guard,) = supervisor.children()
    for process in (guard, supervisor):
        process.suspend()  # so that neither sees the other's end
    for process in (supervisor, guard):
        process.kill()
    until(lambda: not psutil.pid_exists(supervisor.pid))
    assert cancel_attempt(attempt).state.outcome is Outcome.INTERRUPTED
    assert_nothing_left(attempt)
    assert_no_container(plan, attempt)


@WITH_PODMAN
def test_the_plan_says_what_it_runs_in(tmp_path: Path, engine: str) -> None:
    clone = tmp_path / "clone"
    project = f"docker_env:\n  image: {IMAGE}\nentry_points:\n  main:\n    command: python train.py\n"
    commit = commit_repository(clone, {"MLproject": project, "train.py": "import mlflow\nmlflow.log_metric('a', 1)\n"})
    plan = make_plan("owner/name", commit, clone)
    assert plan.container == Container(engine, IMAGE, "MLproject", ImageOrigin.LOCAL)
    assert plan.isolation is Isolation.CONTAINER
    assert f"container of {IMAGE}, which is here, run by {engine}" in render_plan(plan)
    without = make_plan("owner/name", commit, clone, PlanOptions(isolation="none"))
    assert without.container is None
    assert plan_key(plan) != plan_key(without)


SAVES = """
import signal, sys, time
def save(*_):
    time.sleep(0.3)
    open("saved", "w").write("x")
    sys.exit(3)
signal.signal(signal.SIGTERM, save)
print("up", flush=True)
while True:
    time.sleep(0.1)
"""


@WITH_PODMAN
def test_what_runs_in_a_container_is_asked_to_end_and_has_time_to_save(tmp_path: Path, engine: str) -> None:
    plan = container_plan(tmp_path, engine, SAVES, run="cd . && python train.py; true")
    attempt = started(tmp_path, plan)
    assert ended(attempt, "cancel").state.outcome is Outcome.CANCELLED
    assert (Path(attempt.folder) / "work" / "saved").is_file(), log_of(attempt)
    assert_no_container(plan, attempt)


HOSTILE = """
import os, pathlib, socket, sys
home = pathlib.Path({home!r})
attempt("read key", lambda: (home / "id_rsa").read_text())
attempt("write canary", lambda: (home / "canary").write_text("changed"))
attempt("volume", lambda: os.listdir("/mnt/host"))
attempt("device", lambda: os.mknod("/tmp/disk", 0o60600, os.makedev(8, 0)))
attempt("redirect", lambda: next(p for p in map(pathlib.Path, sys.path) if (p / "mlx_tui_redirect.py").exists())
        .joinpath("mlx_tui_redirect.py").write_text("changed"))
attempt("state", lambda: pathlib.Path("../state.json").read_text())
attempt("root", lambda: os.chroot("."))
attempt("own", lambda: pathlib.Path("own").write_text("x"))
attempt("network", lambda: socket.create_connection(("{address}", {port}), timeout=5))
attempt("capabilities", lambda: [line for line in open("/proc/self/status") if line.startswith("CapEff")])
print(dict(os.environ))
"""
SECRETS = {"AWS_SECRET_ACCESS_KEY": "s3cr3t-aws", "HTTPS_PROXY": "http://me:s3cr3t-proxy@proxy:3128", "TOKEN": "s3cr3t"}


def test_a_hostile_script_reaches_nothing_of_the_host(
    tmp_path: Path, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home of the user"
    home.mkdir()
    (home / "id_rsa").write_text("PRIVATE KEY")
    (home / "canary").write_text("alive")
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    with socket.create_server(("0.0.0.0", 0)) as server:
        code = (TRIES + HOSTILE).replace("{home!r}", repr(str(home))).replace("{port}", str(server.getsockname()[1]))
        project = f"docker_env:\n  image: {IMAGE}\n  volumes: ['{home}:/mnt/host']\n  environment: [TOKEN]\n"
        plan = container_plan(tmp_path, engine, code.replace("{address}", own_address()), files={"MLproject": project})
        attempt = done(tmp_path, replace(plan, variables=(Variable("ALPHA", "0.5"),)))
    log = log_of(attempt)
    assert attempt.state.outcome is Outcome.EXECUTED, log
    assert (home / "canary").read_text() == "alive"
    for what in ("read key", "write canary", "volume", "device", "redirect", "state", "root", "network"):
        assert f"\n{what} refused" in f"\n{log}", (what, log)
    assert "own DONE" in log
    assert "CapEff:\\t0000000000000000" in log
    assert "'ALPHA': '0.5'" in log
    for path in Path(attempt.folder).rglob("*"):
        if path.is_file() and ".git" not in path.parts:
            assert not any(text in path.read_bytes() for text in (b"s3cr3t", b"PRIVATE KEY")), path


def own_address() -> str:
    """An address of this machine's that a container with a network would reach."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        asked.connect(("192.0.2.1", 9))
        return str(asked.getsockname()[0])


@WITH_PODMAN
def test_with_a_network_a_container_reaches_the_machine(tmp_path: Path, engine: str) -> None:
    """What the hostile script is refused without one is there to be reached."""
    with socket.create_server(("0.0.0.0", 0)) as server:
        where = (own_address(), server.getsockname()[1])
        code = f"import socket; socket.create_connection({where!r}, timeout=10); print('reached')"
        attempt = done(tmp_path, replace(container_plan(tmp_path, engine, code), network=True))
    assert "reached" in log_of(attempt)


@WITH_PODMAN
def test_a_memory_limit_holds_in_a_container(tmp_path: Path, engine: str) -> None:
    code = "kept = []\nwhile True: kept.append(b'x' * 10_000_000)"
    attempt = done(tmp_path, container_plan(tmp_path, engine, code, memory=200 << 20))
    assert attempt.state.cause is Cause.OUT_OF_MEMORY, log_of(attempt)
    assert not (Path(attempt.folder) / "oom").exists()


DOCKERFILE = f"FROM {IMAGE}\nCOPY own.txt /own.txt\nENV FROM_IMAGE=yes\nRUN python -c \"print('built it')\"\n"


@WITH_PODMAN
def test_an_image_is_built_once_from_the_dockerfile_and_used_again(tmp_path: Path, engine: str) -> None:
    code = "import os; print(open('/own.txt').read(), os.environ['FROM_IMAGE'])"
    files: dict[str, str | bytes] = {"Dockerfile": DOCKERFILE, "own.txt": "of the repository"}
    plan = container_plan(tmp_path, engine, code, image="not-here", origin=ImageOrigin.DOCKERFILE, files=files)
    assert plan.container is not None
    name = built_name(plan, plan.container)
    try:
        first, second = done(tmp_path, plan), done(tmp_path, plan)
        built = [image for image in listing() if image.engine == engine]
        assert [(image.name, image.commit) for image in built] == [(name, plan.commit)]
        assert [image for image in prune({plan.commit}) if image.engine == engine] == []
        assert name in [image.name for image in prune(())]
        assert found_id(engine, name) == ""
    finally:
        subprocess.run(["podman", "rmi", "--force", name], capture_output=True, check=False)
    assert "of the repository yes" in log_of(first)
    assert "built it" in log_of(first)
    assert f"{name} was built before" in log_of(second)
    frozen = (Path(second.folder) / "environment.txt").read_text()
    assert frozen.startswith("# image not-here ")
    assert first.state.isolation is Isolation.CONTAINER


@pytest.mark.parametrize("how", ["cancel", "killed supervisor"])
@WITH_PODMAN
def test_nothing_is_left_of_a_build(tmp_path: Path, engine: str, how: str) -> None:
    sleeps = f"FROM {IMAGE}\nRUN python -c \"print('up', flush=True); import time; time.sleep(1000)\"\n"
    files: dict[str, str | bytes] = {"Dockerfile": sleeps}
    plan = container_plan(tmp_path, engine, "", image="not-here", origin=ImageOrigin.DOCKERFILE, files=files)
    attempt = started(tmp_path, plan)
    until(lambda: "\nup" in log_of(attempt))
    if how == "cancel":
        assert cancel_attempt(attempt).state.outcome is Outcome.CANCELLED
    else:
        os.kill(again(attempt).state.supervisor_pid, signal.SIGKILL)
        assert finished(attempt).state.outcome is Outcome.INTERRUPTED
    until(lambda: not processes_of(Path(attempt.folder)))  # the guard is the last of them
    assert_nothing_left(attempt)
    assert_no_container(plan, attempt)
    assert plan.container is not None
    assert found_id(engine, built_name(plan, plan.container)) == ""


@WITH_PODMAN
def test_a_build_that_fails_says_which_line_decided(tmp_path: Path, engine: str) -> None:
    fails = f"FROM {IMAGE}\nRUN python -c \"import sys; print('ERROR: no such thing'); sys.exit(1)\"\n"
    files: dict[str, str | bytes] = {"Dockerfile": fails}
    image = "localhost:1/not/here"  # a registry that refuses, also after the build failed
    plan = container_plan(tmp_path, engine, "", image=image, origin=ImageOrigin.DOCKERFILE, files=files)
    state = done(tmp_path, plan).state
    assert (state.outcome, state.cause) == (Outcome.FAILED, Cause.NETWORK)
    assert "connection refused" in state.reason


@pytest.mark.attempt
@WITH_PODMAN
def test_where_there_is_no_image_a_repair_takes_a_python_environment(tmp_path: Path, engine: str) -> None:
    image = "localhost:1/not/here"
    plan = container_plan(tmp_path, engine, "print('ran')", image=image, origin=ImageOrigin.REGISTRY)
    attempt = done(tmp_path, replace(plan, repair=True))
    assert attempt.state.outcome is Outcome.EXECUTED, log_of(attempt)
    assert [repair.name for repair in attempt.state.repairs] == ["Python environment"]
    assert attempt.state.isolation is not Isolation.CONTAINER
    assert attempt.state.as_planned is not None
    assert attempt.state.as_planned.cause is Cause.NETWORK


@pytest.mark.attempt
def test_runs_are_captured_from_a_container_whatever_the_code_asks_for(tmp_path: Path, engine: str) -> None:
    packages = tmp_path / "packages"
    subprocess.run(
        [find_uv_bin(), "pip", "install", "--quiet", "--target", str(packages), "mlflow-skinny<3"], check=True
    )
    import_image("podman", image_of_this_python(packages), MLFLOW)
    code = (
        "import mlflow\nmlflow.set_tracking_uri('http://127.0.0.1:9')\n"
        "with mlflow.start_run():\n    mlflow.log_metric('loss', 0.25)\n    mlflow.log_text('x', 'note.txt')\n"
    )
    try:
        plan = container_plan(tmp_path, engine, code, image=MLFLOW, run="python -I train.py")
        attempt = done(tmp_path, plan)
    finally:
        engine_call("podman", "rmi", "--force", MLFLOW)
    assert attempt.state.outcome is Outcome.EXECUTED, log_of(attempt)
    captured = read_json(Path(attempt.folder) / "runs.json", CapturedRuns)
    assert [(metric.name, metric.points[-1].value) for run in captured.runs for metric in run.metrics] == [
        ("loss", 0.25)
    ]
    assert "http://127.0.0.1:9" in captured.asked_uris
    assert "mlflow-skinny==" in (Path(attempt.folder) / "environment.txt").read_text()
