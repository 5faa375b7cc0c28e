"""What a hostile script sees and changes: with bubblewrap nothing of the user's, without it no secret variable."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from attempt_support import ISOLATIONS, command, commit_repository, log_of, make_plan, plan_of, run
from leaving import TRIES

from mlx_tui.reproduction import isolation as module
from mlx_tui.reproduction.isolation import IsolationError, bwrap_problem, choose_isolation, interpreter_paths
from mlx_tui.reproduction.model import Isolation, Outcome
from mlx_tui.reproduction.variables import scrubbed_environment, standing_deviations

SECRETS = {
    "AWS_SECRET_ACCESS_KEY": "s3cr3t-aws",
    "MLFLOW_TRACKING_PASSWORD": "s3cr3t-mlflow",
    "GITHUB_TOKEN": "s3cr3t-github",
    "HTTPS_PROXY": "http://me:s3cr3t-proxy@proxy:3128",
    "PYTHONPATH": "/s3cr3t-path",
    "SSH_AUTH_SOCK": "/s3cr3t-agent",
}
needs_bwrap = pytest.mark.skipif(Isolation.BWRAP not in ISOLATIONS, reason=f"no bubblewrap: {bwrap_problem()}")


@pytest.mark.parametrize("isolation", ISOLATIONS)
def test_no_secret_variable_reaches_a_script_or_a_file_of_the_attempt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, isolation: Isolation
) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    code = "import os; print(os.environ); print(open('/proc/self/environ').read())"
    attempt = run(tmp_path, plan_of(tmp_path, code, isolation))
    assert attempt.state.outcome is Outcome.EXECUTED
    for path in Path(attempt.folder).rglob("*"):
        if path.is_file() and ".git" not in path.parts:
            assert b"s3cr3t" not in path.read_bytes(), path


HOSTILE = """
import os, pathlib, sys
home, study = map(pathlib.Path, sys.argv[1:])
attempt("read key", lambda: (home / "id_rsa").read_text())
attempt("write canary", lambda: (home / "canary").write_text("changed"))
attempt("other clone", lambda: os.listdir(study / "clone"))
"""


@needs_bwrap
def test_a_hostile_script_neither_reads_nor_writes_what_is_the_users(tmp_path: Path) -> None:
    home = tmp_path / "home of the user"
    home.mkdir()
    (home / "id_rsa").write_text("PRIVATE KEY")
    (home / "canary").write_text("alive")
    commit = commit_repository(tmp_path / "clone", {"hostile.py": TRIES + HOSTILE})
    step = command(f"python hostile.py '{home}' '{tmp_path}'")
    attempt = run(tmp_path, make_plan(tmp_path / "clone", commit, step, isolation=Isolation.BWRAP))
    log = log_of(attempt)
    assert attempt.state.outcome is Outcome.EXECUTED
    assert (home / "canary").read_text() == "alive"
    assert "PRIVATE KEY" not in log
    assert all(f"{what} refused" in log for what in ("read key", "write canary", "other clone")), log


@needs_bwrap
@pytest.mark.parametrize(
    ("action", "allowed"),
    [
        ("pathlib.Path(sys.prefix, 'evil').write_text('x')", False),
        ("pathlib.Path(sys.base_prefix, 'evil').write_text('x')", False),
        ("pathlib.Path('/usr/evil').write_text('x')", False),
        ("pathlib.Path('/evil').write_text('x')", False),
        ("pathlib.Path('/etc/shadow').read_text()", False),
        ("os.makedirs(work.parent / 'beside', exist_ok=True)", None),  # below the sandbox's own /tmp, perhaps
        ("next(pathlib.Path('..').glob('*.json')).read_text()", False),
        ("[os.kill(pid, 0) for pid in range(50, 3000) if pid != os.getpid()]", False),
        ("os.chroot('.')", False),
        ("pathlib.Path('fine').write_text('x')", True),
        ("pathlib.Path.home().joinpath('fine').write_text('x')", True),
        ("pathlib.Path('/tmp/fine').write_text('x')", True),
        ("pathlib.Path('/dev/shm/fine').write_text('x')", True),
        ("multiprocessing.Lock()", True),
    ],
)
def test_single_acts_inside_bubblewrap(tmp_path: Path, action: str, allowed: bool | None) -> None:
    """The sandbox itself, without an attempt around it, so that each act is tried in milliseconds."""
    work, temporary, home = (tmp_path / name for name in ("work", "tmp", "home"))
    for folder in (work, temporary, home):
        folder.mkdir()
    (tmp_path / "state.json").write_text("{}")
    prefix = Path(sys.base_prefix)
    sandbox = module.Sandbox(work, (work, home), (prefix,), temporary, network=False)
    interpreter = str(Path(sys.executable).resolve())
    line = [interpreter, "-c", f"import multiprocessing, os, pathlib, sys; work = pathlib.Path.cwd(); {action}"]
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(module.wrap(line, sandbox), env=environment, capture_output=True, text=True, check=False)
    assert allowed is None or (done.returncode == 0) is allowed, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "state.json", "tmp", "work"]
    assert not (prefix / "evil").exists()


@needs_bwrap
def test_without_network_there_is_only_an_own_loopback(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = (
            "import socket\n"
            "own = socket.create_server(('127.0.0.1', 0))\n"
            "socket.create_connection(own.getsockname()); print('own loopback works')\n"
            f"print(socket.create_connection(('127.0.0.1', {port})))\n"
        )
        attempt = run(tmp_path, plan_of(tmp_path, code, Isolation.BWRAP))
    assert "own loopback works" in log_of(attempt)
    assert attempt.state.cause == "network"
    assert attempt.state.reason.startswith("ConnectionRefusedError")


DEEP = """
import json.tool, multiprocessing.connection, os, sys, tempfile
listener = multiprocessing.connection.Listener(family="AF_UNIX")
print("socket", os.path.exists(listener.address), tempfile.gettempdir())
print("compiled", os.path.exists(json.tool.__cached__), json.tool.__cached__.startswith(sys.pycache_prefix))
"""


@needs_bwrap
def test_the_temporary_folder_is_short_enough_for_a_socket_and_holds_bytecode(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a folder of the user's own"] * 4)
    deep.mkdir(parents=True)
    attempt = run(deep, plan_of(deep, DEEP, Isolation.BWRAP))
    assert attempt.state.outcome is Outcome.EXECUTED
    assert "socket True /tmp\n" in log_of(attempt)
    assert "compiled True True\n" in log_of(attempt)


@needs_bwrap
@pytest.mark.skipif(not shutil.which("java"), reason="no Java")
def test_a_java_of_the_system_finds_its_configuration_inside(tmp_path: Path) -> None:
    source = (
        "class Loads { public static void main(String[] a) throws Exception {"
        ' java.util.logging.LogManager.getLogManager().readConfiguration(); System.out.println("read"); } }'
    )
    code = (
        f"import subprocess; open('Loads.java', 'w').write({source!r})\n"
        "print(subprocess.run(['java', 'Loads.java'], capture_output=True, text=True))"
    )
    attempt = run(tmp_path, plan_of(tmp_path, code, Isolation.BWRAP))
    assert "stdout='read" in log_of(attempt)


def test_hydra_tells_the_exception_that_ended_a_run(tmp_path: Path) -> None:
    attempt = run(
        tmp_path, plan_of(tmp_path, "import os; print('full', os.environ['HYDRA_FULL_ERROR'])", ISOLATIONS[0])
    )
    assert "full 1" in log_of(attempt)


def test_isolation_is_chosen_by_trying(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose_isolation("none") is Isolation.NONE
    assert choose_isolation("auto") is ISOLATIONS[-1]
    with pytest.raises(ValueError, match="auto, container, bwrap or none"):
        choose_isolation("docker")
    bwrap_problem.cache_clear()
    monkeypatch.setenv("PATH", "/nowhere")
    try:
        assert choose_isolation("auto") is Isolation.NONE
        with pytest.raises(IsolationError, match="install it"):
            choose_isolation("bwrap")
    finally:
        bwrap_problem.cache_clear()


def test_only_the_prefix_of_an_interpreter_in_the_home_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    prefix = home / ".pyenv" / "versions" / "3.11"
    (prefix / "bin").mkdir(parents=True)
    (prefix / "bin" / "python3.11").touch()
    (prefix / "bin" / "python").symlink_to("python3.11")
    environment = tmp_path / "environment"
    (environment / "bin").mkdir(parents=True)
    (environment / "bin" / "python").symlink_to(prefix / "bin" / "python")
    monkeypatch.setenv("HOME", str(home))
    assert interpreter_paths(environment) == (prefix,)
    (home / "bin").mkdir()
    (home / "lib" / "python3.11").mkdir(parents=True)
    (home / "bin" / "python").touch()
    (environment / "bin" / "python").unlink()
    (environment / "bin" / "python").symlink_to(home / "bin" / "python")
    assert interpreter_paths(environment) == (home / "bin" / "python", home / "lib" / "python3.11")


def test_proxies_are_kept_without_credentials_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://me:pw@proxy:1")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy:1")
    kept = scrubbed_environment()
    assert kept["HTTP_PROXY"] == "http://proxy:1"
    assert "https_proxy" not in kept
    assert "HTTP_PROXY" not in scrubbed_environment(network=False)
    assert not set(SECRETS) & set(scrubbed_environment())
    assert "PATH" not in kept or os.environ["PATH"] != kept["PATH"]


def test_what_every_run_does_otherwise_is_told() -> None:
    subjects = {deviation.subject for deviation in standing_deviations(Isolation.BWRAP, network=True)}
    assert {"MLflow's store", "matplotlib's backend", "environment variables"} <= subjects
    uncut = standing_deviations(Isolation.NONE, network=False)[-1]
    assert (uncut.asked, uncut.used) == ("none", "as it is")


SETUP = """
import os, pathlib, setuptools
for path in ("{home}/id_rsa", "{home}/canary"):
    try:
        print("READ", pathlib.Path(path).read_text())
        pathlib.Path(path).write_text("changed")
    except OSError as error:
        print("refused", error)
print("ENVIRONMENT", sorted(os.environ))
setuptools.setup(name="local", version="1", py_modules=["local"])
"""


@needs_bwrap
@pytest.mark.attempt
def test_a_package_that_is_built_from_source_is_as_isolated_as_a_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "s3cr3t-github")
    home = tmp_path / "home of the user"
    home.mkdir()
    (home / "id_rsa").write_text("PRIVATE KEY")
    (home / "canary").write_text("alive")
    setup = SETUP.replace("{home}", str(home))
    commit = commit_repository(tmp_path / "clone", {"setup.py": setup, "local.py": "value = 7\n"})
    step = command("cd /tmp && python -c 'import local; print(local.value)'")
    plan = make_plan(tmp_path / "clone", commit, step, isolation=Isolation.BWRAP, requirements=("-e .",))
    attempt = run(tmp_path, plan, 300)
    assert attempt.state.outcome is Outcome.EXECUTED, log_of(attempt)
    assert (home / "canary").read_text() == "alive"
    written = b"".join(path.read_bytes() for path in Path(attempt.folder).rglob("*") if path.is_file())
    assert b"PRIVATE KEY" not in written
    assert b"s3cr3t" not in written
