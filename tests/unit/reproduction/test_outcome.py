"""Outcome and cause from what logs say. The texts are what the programs really print."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.reproduction.model import Cause, Outcome, Phase
from mlx_tui.reproduction.outcome import Deeds, classify
from mlx_tui.reproduction.symptoms import ProjectNames
from mlx_tui.reproduction.tracebacks import find_tracebacks, plain
from mlx_tui.reproduction.watching import Stop

SITE = "/a/environment/lib/python3.11/site-packages"
NAMES = ProjectNames(
    installed=frozenset(["sklearn", "pandas", "numpy"]),
    local=frozenset(["model", "utils"]),
    defined=frozenset(["train", "Trainer"]),
    root="/a/copy",
)


def traceback(last: str, *more_frames: str) -> list[str]:
    frames = ['  File "/a/copy/train.py", line 7, in <module>', "    main()"]
    for path in more_frames:
        frames += [f'  File "{path}", line 3, in inner', "    code", "    ^^^^"]
    return ["loading", "Traceback (most recent call last):", *frames, *last.split("\n")]


def failed(lines: list[str], status: int = 1) -> tuple[Cause | None, str, int]:
    verdict = classify(Phase.RUNNING, status, None, lines, 1, NAMES)
    assert verdict.outcome is Outcome.FAILED
    return verdict.cause, verdict.reason, verdict.evidence_line


def test_the_place_is_told_within_the_repository_whatever_its_folders_are_called() -> None:
    _, reason, _ = failed(traceback("ValueError: no", "/a/copy/src/copy/inner.py"))
    assert reason == "ValueError: no (src/copy/inner.py:3)"


def test_a_name_that_is_not_defined_follows_from_what_was_caught_before() -> None:
    caught = traceback("urllib.error.URLError: <urlopen error [Errno -2] Name or service not known>")
    lines = ["ERROR:__main__:Unable to download", *caught, *traceback("NameError: name 'data' is not defined")]
    cause, reason, line = failed(lines)
    assert (cause, line) == (Cause.NETWORK, len(caught) + 1)
    assert reason.endswith("; then NameError: name 'data' is not defined")
    assert failed([*traceback("ValueError: bad"), *traceback("NameError: name 'x' is not defined")])[0] is Cause.CODE


def test_a_called_program_tells_by_what_it_printed_why_it_failed() -> None:
    called = traceback("subprocess.CalledProcessError: Command '['git', 'push']' returned non-zero exit status 128.")
    said = "fatal: could not read Username for 'https://github.com': terminal prompts disabled"
    assert failed([said, *called])[0::2] == (Cause.MISSING_CREDENTIALS, 1)
    assert failed(["everything is fine", *called])[0] is Cause.CODE


def test_a_run_that_is_stopped_at_its_limit_tells_what_was_captured() -> None:
    verdict = classify(Phase.RUNNING, -9, Stop.TIMEOUT, (), deeds=Deeds(5, 0, True))
    assert verdict.outcome is Outcome.TIMED_OUT
    assert verdict.reason == "stopped at its time limit; 5 runs were captured until then"


@pytest.mark.parametrize(
    ("last", "cause"),
    [
        ("ModuleNotFoundError: No module named 'pkg_resources'", Cause.MISSING_MODULE),
        ("ModuleNotFoundError: No module named 'bearings.features'", Cause.MISSING_MODULE),
        ("ImportError: No module named yaml", Cause.MISSING_MODULE),
        ("ModuleNotFoundError: No module named 'sklearn.externals.six'", Cause.API_CHANGE),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'data/train.csv'", Cause.MISSING_DATA),
        ("urllib.error.HTTPError: HTTP Error 404: Not Found", Cause.MISSING_DATA),
        ("_pickle.UnpicklingError: invalid load key, 'v'.", Cause.MISSING_DATA),
        ("ConnectionRefusedError: [Errno 111] Connection refused", Cause.NETWORK),
        ("urllib.error.URLError: <urlopen error [Errno -3] Temporary failure in name resolution>", Cause.NETWORK),
        (
            "mlflow.exceptions.MlflowException: API request to http://x/api failed with exception "
            "HTTPConnectionPool(host='x', port=5000): Max retries exceeded with url: /api",
            Cause.NETWORK,
        ),
        ("psycopg2.OperationalError: could not connect to server: Connection refused", Cause.NETWORK),
        ("botocore.exceptions.NoCredentialsError: Unable to locate credentials", Cause.MISSING_CREDENTIALS),
        ("KeyError: 'AWS_SECRET_ACCESS_KEY'", Cause.MISSING_CREDENTIALS),
        ("requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: https://x", Cause.MISSING_CREDENTIALS),
        ("OSError: Could not find kaggle.json. Make sure it's located in /home/me/.kaggle", Cause.MISSING_CREDENTIALS),
        (
            "wandb.errors.UsageError: api_key not configured (no-tty). call wandb.login(key=[..])",
            Cause.MISSING_CREDENTIALS,
        ),
        ("AssertionError: Torch not compiled with CUDA enabled", Cause.HARDWARE),
        ("RuntimeError: No CUDA GPUs are available", Cause.HARDWARE),
        ("MemoryError", Cause.OUT_OF_MEMORY),
        ("numpy.core._exceptions._ArrayMemoryError: Unable to allocate 7.45 GiB for an array", Cause.OUT_OF_MEMORY),
        ("OSError: [Errno 28] No space left on device", Cause.DISK_FULL),
        ("AttributeError: module 'numpy' has no attribute 'float'.", Cause.API_CHANGE),
        ("AttributeError: module 'utils' has no attribute 'load'", Cause.CODE),
        ("ImportError: cannot import name 'Mapping' from 'collections' (/usr/lib/python3.11/x.py)", Cause.API_CHANGE),
        ("ImportError: cannot import name 'load' from 'utils' (/a/copy/utils.py)", Cause.CODE),
        ("TypeError: OneHotEncoder.__init__() got an unexpected keyword argument 'sparse'", Cause.API_CHANGE),
        ("TypeError: train() got an unexpected keyword argument 'epochs'", Cause.CODE),
        ("TypeError: Trainer.__init__() missing 1 required positional argument: 'x'", Cause.CODE),
        ("TypeError: unsupported operand type(s) for +: 'int' and 'str'", Cause.CODE),
        ("KeyError: 'accuracy'", Cause.CODE),
        ("ValueError: could not convert string to float: 'a'\nmore of the message", Cause.CODE),
        ("AssertionError", Cause.CODE),
    ],
)
def test_the_exception_tells_the_cause(last: str, cause: Cause) -> None:
    got, reason, line = failed(traceback(last))
    assert got is cause
    assert reason.startswith(last.split("\n")[0][:200])
    assert line == 5


def test_an_attribute_error_inside_a_library_is_a_changed_interface() -> None:
    lines = traceback("AttributeError: 'DataFrame' object has no attribute 'append'", f"{SITE}/pandas/core/generic.py")
    cause, reason, _ = failed(lines)
    assert cause is Cause.API_CHANGE
    assert reason.endswith("(train.py:7)")


def test_a_program_that_is_missing_is_the_environments_fault() -> None:
    lines = traceback(
        "FileNotFoundError: [Errno 2] No such file or directory: 'git'", "/usr/lib/python3.11/subprocess.py"
    )
    assert failed(lines)[0] is Cause.ENVIRONMENT
    assert failed(["training", "/bin/sh: 1: Rscript: not found"], 127)[0] is Cause.ENVIRONMENT


def test_the_origin_decides_where_the_last_exception_tells_nothing() -> None:
    origin = traceback("ConnectionRefusedError: [Errno 111] Connection refused")
    last = traceback("RuntimeError: training failed")[1:]
    chained = [*origin, "", "During handling of the above exception, another exception occurred:", "", *last]
    assert failed(chained)[0] is Cause.NETWORK
    assert failed(chained)[2] == 5
    assert failed([*origin, "went on all the same", *last])[0] is Cause.CODE


CERTIFICATE = "certificate verify failed: unable to get local issuer certificate"
REFUSED = f"[SSL: CERTIFICATE_VERIFY_FAILED] {CERTIFICATE} (_ssl.c:1006)"


@pytest.mark.parametrize(
    ("origin", "last", "reason"),
    [
        (
            f"ssl.SSLCertVerificationError: {REFUSED}",
            "requests.exceptions.ConnectionError: couldn't reach https://data.example/a.csv",
            f"{CERTIFICATE}: requests.exceptions.ConnectionError: couldn't reach https://data.example/a.csv",
        ),
        (
            "OSError: no",
            f"requests.exceptions.SSLError: Max retries exceeded with url: /{'a' * 300} (Caused by SSLError("
            f"SSLCertVerificationError(1, '{REFUSED}')))",
            f"{CERTIFICATE}: requests.exceptions.SSLError: Max retries",
        ),
        ("OSError: no", f"urllib.error.URLError: <urlopen error {REFUSED}>", "urllib.error.URLError: <urlopen error"),
        ("OSError: no", "urllib.error.URLError: <urlopen error no>", "urllib.error.URLError: <urlopen error no>"),
    ],
)
def test_a_certificate_that_is_not_accepted_is_told(origin: str, last: str, reason: str) -> None:
    chain = ["", "During handling of the above exception, another exception occurred:", ""]
    cause, told, line = failed([*traceback(origin), *chain, *traceback(last)])
    assert (cause, line) == (Cause.NETWORK, 13)
    assert told.startswith(reason)
    assert ("certificate verify failed" in told) is ("CERTIFICATE" in f"{origin} {last}")
    before = failed([*traceback(origin), "went on all the same", *traceback("ConnectionError: refused")])
    assert "certificate" not in before[1]


def test_an_import_that_failed_decides_and_not_the_import_error_that_only_says_so() -> None:
    cause = "The above exception was the direct cause of the following exception:"
    origin = traceback("ModuleNotFoundError: No module named 'src.data'")
    library = traceback("ImportError: Error loading 'src.data.D':", "/a/env/lib/python3.12/site-packages/hydra/u.py")
    last = traceback("hydra.errors.InstantiationException: Error locating target 'src.data.D'")
    told = failed([*origin, cause, *library, cause, *last])
    assert told[0] is Cause.MISSING_MODULE
    assert told[1].startswith("ModuleNotFoundError: No module named 'src.data'")
    assert failed([*library, cause, *last])[0] is Cause.API_CHANGE


def test_the_interpreters_own_frames_are_no_place_in_the_project() -> None:
    lines = traceback("ModuleNotFoundError: No module named 'x'", "<frozen importlib._bootstrap>")
    assert failed(lines)[1] == "ModuleNotFoundError: No module named 'x' (train.py:7)"


def test_what_fails_in_this_program_is_not_the_projects() -> None:
    frames = ['  File "/env/site-packages/mlx_tui/reproduction/guard.py", line 154, in main', "    json.loads(text)"]
    lines = ["Traceback (most recent call last):", *frames, "json.decoder.JSONDecodeError: Expecting value"]
    for phase in (Phase.ENVIRONMENT, Phase.RUNNING):
        verdict = classify(phase, 1, None, lines, 7)
        assert (verdict.outcome, verdict.cause, verdict.evidence_line) == (Outcome.INTERRUPTED, None, 10)
        assert "mlx-tui itself failed" in verdict.reason
    assert failed([*lines, *traceback("ValueError: of the project")])[0] is Cause.CODE


def test_ipythons_traceback_with_colours() -> None:
    lines = [
        "=== cell 2 of 3",
        "\x1b[31m---------------------------------------------------------------------------\x1b[39m",
        "\x1b[31mFileNotFoundError\x1b[39m                         Traceback (most recent call last)",
        "\x1b[36mCell\x1b[39m\x1b[36m \x1b[39m\x1b[32mIn[2]\x1b[39m\x1b[32m, line 1\x1b[39m",
        "\x1b[32m----> \x1b[39m\x1b[32m1\x1b[39m \x1b[38;5;28mopen\x1b[39m(\x1b[33m'\x1b[39m\x1b[33mdata.csv')",
        "",
        "\x1b[36mFile \x1b[39m\x1b[32m/a/site-packages/IPython/core/shell.py:343\x1b[39m, in \x1b[36m_open\x1b[39m",
        "\x1b[31mFileNotFoundError\x1b[39m: [Errno 2] No such file or directory: 'data.csv'",
        "=== exit status 1 after 2.0 s",
    ]
    cause, reason, line = failed(lines)
    assert cause is Cause.MISSING_DATA
    assert reason == "FileNotFoundError: [Errno 2] No such file or directory: 'data.csv' (cell 2:1)"
    assert line == 8


@pytest.mark.parametrize(
    ("lines", "status", "cause"),
    [
        (["python: can't open file '/a/copy/main.py': [Errno 2] No such file or directory"], 2, Cause.NO_ENTRY_POINT),
        (["cat: data/raw.csv: No such file or directory"], 1, Cause.MISSING_DATA),
        (["fatal: unable to access 'https://x/': Could not resolve host: x"], 128, Cause.NETWORK),
        (["working"], -9, Cause.OUT_OF_MEMORY),
        (["working", "Killed"], 137, Cause.OUT_OF_MEMORY),
        (["working"], -11, Cause.CODE),
        (["Illegal instruction"], -4, Cause.HARDWARE),
        (["/usr/bin/python: No module named sweep"], 1, Cause.MISSING_MODULE),
        (["usage: train.py", "train.py: error: the following arguments are required: --data"], 2, Cause.CODE),
        ([], 1, Cause.CODE),
    ],
)
def test_without_a_traceback(lines: list[str], status: int, cause: Cause) -> None:
    got, reason, _ = failed(lines, status)
    assert got is cause
    assert reason


def test_the_reason_is_safe_text_on_one_line_and_not_endless() -> None:
    reason = failed(traceback("ValueError: \x1b]0;title\x07 \u202e " + "x" * 5000))[1]
    assert "\x1b" not in reason
    assert "\u202e" not in reason
    assert len(reason) == 300


@pytest.mark.parametrize(
    ("stop", "outcome", "cause"),
    [
        (Stop.TIMEOUT, Outcome.TIMED_OUT, None),
        (Stop.CANCELLED, Outcome.CANCELLED, None),
        (Stop.TERMINATED, Outcome.INTERRUPTED, None),
        (Stop.MEMORY, Outcome.FAILED, Cause.OUT_OF_MEMORY),
        (Stop.OUTPUT, Outcome.FAILED, Cause.DISK_FULL),
        (Stop.DISK, Outcome.FAILED, Cause.DISK_FULL),
    ],
)
def test_what_was_stopped_is_not_judged_by_its_log(stop: Stop, outcome: Outcome, cause: Cause | None) -> None:
    verdict = classify(Phase.RUNNING, -15, stop, traceback("KeyboardInterrupt"))
    assert (verdict.outcome, verdict.cause, verdict.evidence_line) == (outcome, cause, 0)


def test_success_that_did_nothing_or_swallowed_an_exception_is_told() -> None:
    def reason(lines: list[str], deeds: Deeds) -> str:
        verdict = classify(Phase.RUNNING, 0, None, lines, 10, NAMES, deeds)
        assert verdict.outcome is Outcome.EXECUTED
        return verdict.reason

    assert "did nothing" in reason([], Deeds(0, 0, printed=False))
    assert "without an MLflow run" in reason(["x"], Deeds(0, 0, printed=True))
    swallowed = classify(Phase.RUNNING, 0, None, traceback("KeyError: 'x'"), 10, NAMES, Deeds(1, 1, printed=True))
    assert "though its log shows KeyError: 'x'" in swallowed.reason
    assert swallowed.evidence_line == 14


@given(st.lists(st.text(alphabet=string.printable + "é\u202e", max_size=60), max_size=20))
def test_no_text_breaks_the_reading_of_tracebacks(lines: list[str]) -> None:
    head = "Traceback (most recent call last):"
    for text in (lines, [head, *lines], [*lines, head], [f"[rank0]: {head}", *lines]):
        for found in find_tracebacks([plain(line) for line in text]):
            assert 0 <= found.line < len(text)
        classify(Phase.RUNNING, 1, None, text)
        classify(Phase.ENVIRONMENT, 1, None, text)


def test_long_lines_do_not_take_for_ever() -> None:
    long = "x " * 30_000 + "Traceback (most recent call last): " + "gpu " * 10_000
    assert failed([long, "a: " * 20_000] * 200)[0] is Cause.CODE


def test_a_traceback_behind_a_prefix() -> None:
    lines = ["[rank0]: " + line for line in traceback("torch.OutOfMemoryError: CUDA out of memory.")]
    (found,) = find_tracebacks(lines)
    assert (found.kind, found.frames[0].path) == ("OutOfMemoryError", "/a/copy/train.py")
    assert failed(lines)[0] is Cause.OUT_OF_MEMORY
