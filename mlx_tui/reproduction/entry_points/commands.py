"""What a simple shell command is for: running a script, a notebook, a pipeline, or serving, installing, checking."""

import re
import shlex
from dataclasses import dataclass
from enum import StrEnum

from mlx_tui.reproduction.entry_points.shell import Line

_ASSIGNMENT = re.compile(r"^([A-Za-z_]\w*)=(.*)$", re.DOTALL)
# Assignments that are never taken over: the run's own store decides where runs go, and credentials aren't ours to use.
_DROPPED = re.compile(r"^MLFLOW_|KEY|TOKEN|SECRET|PASSW|CREDENTIAL|_URI$|_URL$|^AWS_|^AZURE_|^GOOGLE_", re.IGNORECASE)
_PYTHON = re.compile(r"^(?:.*/)?(?:python|py)(?:\d(?:\.\d+)?)?(?:\.exe)?$")
# Launchers whose own environment is replaced by the attempt's.
_LAUNCHERS = (
    ("uv", "run"), ("poetry", "run"), ("pipenv", "run"), ("pdm", "run"), ("hatch", "run"), ("rye", "run"),
    ("pixi", "run"), ("sudo",), ("time",), ("nohup",), ("exec",), ("xvfb-run",), ("command",),
)  # fmt: skip


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SETUP = _words(
    """. act activate apt apt-get aws az bash brew cat chmod cmake cml conda cp curl databricks deactivate docker
    docker-compose dvc echo export gcloud git helm install kaggle kill kubectl ls mamba micromamba minikube mkdir mv npm
    nvidia-smi open pdm pip pip3 pipenv podman poetry pre-commit pyenv rm scp sed set sh sleep source ssh sudo tar
    terraform touch twine unzip uv virtualenv wget which yarn yum if then else fi for do done while exit true false cd
    test read unset eval trap return case esac printf python""",
)
_SERVER_COMMANDS = _words(
    """uvicorn gunicorn flask streamlit fastapi tensorboard jupyter-lab jupyter-notebook bentoml ngrok prefect airflow
    dagster waitress-serve voila gradio hypercorn locust""",
)
_CHECKS = _words("pytest flake8 black ruff mypy pylint isort tox nox coverage bandit pyright codecov unittest doctest")
_SETUP_MODULES = _words("pip venv virtualenv ensurepip build ipykernel spacy nltk")
_SERVER_MODULES = _words("http uvicorn flask streamlit gunicorn jupyter notebook bentoml")


class Use(StrEnum):
    """What a command is for."""

    SCRIPT = "script"
    """Runs a Python file."""
    MODULE = "module"
    """Runs a Python module by name."""
    NOTEBOOK = "notebook"
    """Executes a notebook."""
    MLFLOW_RUN = "mlflow_run"
    """Runs an MLproject."""
    PIPELINE = "pipeline"
    """`dvc repro`, `dvc exp run`."""
    TASK = "task"
    """`make target` and the like."""
    SHELL = "shell"
    """Runs a shell script."""
    OTHER_RUN = "other_run"
    """Runs a program that may be the experiment: `Rscript`, `kedro run`, a console script."""
    SERVE = "serve"
    SETUP = "setup"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Command:
    """One simple command.

    Attributes:
        text: As it would be run: prompts, launchers and dropped assignments gone.
        use: What it is for.
        target: The script, module, notebook, project folder, make target or shell script; may be empty.
        arguments: The words after the target.
        line: From 1.
    """

    text: str
    use: Use
    target: str
    arguments: tuple[str, ...]
    line: int


def read_command(line: Line) -> Command | None:
    """Reads a simple command; None where the text isn't one (prose, a shell keyword, unbalanced quotes)."""
    try:
        words = shlex.split(line.text, comments=False, posix=True)
    except ValueError:
        return None
    kept, words = _assignments(words)
    words = _without_launcher(words)
    if not words or words[-1] == "&":
        return None
    use, target, rest = _use(words)
    text = " ".join([*kept, *(_quote(word) for word in _with_python(words))])
    return Command(text, use, target, tuple(rest), line.line)


def _quote(word: str) -> str:
    """Quotes a word unless the shell is meant to see it: a variable, a glob, a redirection or a pipe."""
    if re.fullmatch(r"[\w@%+=:,./$*?~{}|<>\[\]-]+", word) or re.fullmatch(r"[0-9]?>>?&?[\w./-]*|\|\|?", word):
        return word
    return shlex.quote(word)


def _assignments(words: list[str]) -> tuple[list[str], list[str]]:
    kept: list[str] = []
    words = words[1:] if words[:1] == ["env"] else words
    while words and (match := _ASSIGNMENT.match(words[0])):
        if not _DROPPED.search(match[1]):
            kept.append(f"{match[1]}={shlex.quote(match[2])}")
        words = words[1:]
    return kept, words


def _without_launcher(words: list[str]) -> list[str]:
    changed = True
    while changed and words:
        changed = False
        for launcher in _LAUNCHERS:
            if tuple(words[: len(launcher)]) == launcher and len(words) > len(launcher):
                words, changed = words[len(launcher) :], True
        if words[:2] == ["conda", "run"]:
            words, changed = _after_options(words[2:], {"-n", "-p", "--name", "--prefix"}), True
    return words


def _after_options(words: list[str], with_value: set[str]) -> list[str]:
    """Drops leading options, those in `with_value` with the word after them."""
    while words and words[0].startswith("-"):
        words = words[2:] if words[0] in with_value else words[1:]
    return words


def _with_python(words: list[str]) -> list[str]:
    """The words with `python` for any spelling of it: the environment decides which version that is."""
    return ["python", *words[1:]] if _PYTHON.match(words[0]) else words


def _use(words: list[str]) -> tuple[Use, str, list[str]]:
    program, rest = words[0], words[1:]
    if _PYTHON.match(program):
        return _python_use(rest)
    if program == "mlflow":
        return _mlflow_use(rest)
    if program in ("torchrun", "accelerate", "horovodrun", "deepspeed", "ipython", "papermill", "runipy"):
        return _launcher_use(program, rest)
    if program == "jupyter":
        return _jupyter_use(rest)
    if program in ("make", "just", "task", "invoke", "inv", "poe", "doit"):
        targets = [word for word in _after_options(rest, {"-C", "-f"}) if "=" not in word]
        return Use.TASK, targets[0] if targets else "", rest
    if program == "dvc" and rest[:1] in (["repro"], ["exp"]):
        return (Use.PIPELINE, "", rest) if rest[:1] == ["repro"] or rest[1:2] == ["run"] else (Use.SETUP, "", rest)
    return _other_use(program, rest)


def _other_use(program: str, rest: list[str]) -> tuple[Use, str, list[str]]:
    if program in ("sh", "bash", "zsh") and (words := _after_options(rest, set())) and words[0].endswith(".sh"):
        return Use.SHELL, words[0], words[1:]
    if program.endswith((".sh", ".bash")):
        return Use.SHELL, program, rest
    if program.endswith(".py") and program.startswith("./"):
        return Use.SCRIPT, program, rest
    if program in _SERVER_COMMANDS:
        return Use.SERVE, "", rest
    if program in _CHECKS:
        return Use.CHECK, "", rest
    if program in _SETUP or not re.fullmatch(r"[a-z][\w.-]*|Rscript|[./][\w./-]+", program):
        return Use.SETUP, "", rest
    return Use.OTHER_RUN, program, rest


def _python_use(words: list[str]) -> tuple[Use, str, list[str]]:
    words = _python_options(words)
    if not words or words[0] in ("-c", "-", "-V", "--version"):
        return Use.SETUP, "", words
    if words[0] == "-m":
        return _module_use(words[1:])
    if words[0].endswith((".py", ".ipy")) or "/" in words[0]:
        checks = words[0].rsplit("/", 1)[-1] in ("setup.py", "manage.py")
        return (Use.SETUP if checks else Use.SCRIPT), words[0], words[1:]
    return Use.SETUP, "", words


def _python_options(words: list[str]) -> list[str]:
    while words and words[0].startswith("-") and words[0] not in ("-m", "-c", "-", "-V", "--version"):
        words = words[2:] if words[0] in ("-W", "-X") else words[1:]
    return words


def _module_use(words: list[str]) -> tuple[Use, str, list[str]]:
    if not words:
        return Use.SETUP, "", []
    top = words[0].split(".")[0]
    if words[0] == "mlflow" or words[0].startswith("mlflow."):
        return _mlflow_use(words[1:])
    if top in _SETUP_MODULES:
        return Use.SETUP, "", words
    if top in _SERVER_MODULES:
        return Use.SERVE, "", words
    if top in _CHECKS:
        return Use.CHECK, "", words
    if top in ("torch", "accelerate") and len(words) > 1:
        return _launcher_use(words[0], words[1:])
    return Use.MODULE, words[0], words[1:]


def _mlflow_use(words: list[str]) -> tuple[Use, str, list[str]]:
    if words[:1] == ["run"]:
        return Use.MLFLOW_RUN, "", words[1:]
    serving = words[:1] in (["ui"], ["server"]) or words[1:2] == ["serve"] or words[:1] == ["gateway"]
    return (Use.SERVE if serving else Use.SETUP), "", words


def _launcher_use(program: str, words: list[str]) -> tuple[Use, str, list[str]]:
    wanted = ".ipynb" if program in ("papermill", "runipy") else ".py"
    for index, word in enumerate(words):
        if word.endswith(wanted):
            return (Use.NOTEBOOK if wanted == ".ipynb" else Use.SCRIPT), word, words[index + 1 :]
    return Use.OTHER_RUN, program, words


def _jupyter_use(words: list[str]) -> tuple[Use, str, list[str]]:
    notebook = next((word for word in words if word.endswith(".ipynb")), "")
    executes = words[:1] == ["execute"] or (words[:1] in (["nbconvert"], ["run"]) and "--execute" in words)
    if notebook and executes:
        return Use.NOTEBOOK, notebook, words
    return Use.SERVE, notebook, words
