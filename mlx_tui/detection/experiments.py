"""Whether a command runs an experiment: by the name of what it launches and, where that is at hand, by its content."""

import posixpath
import re
from dataclasses import dataclass

from mlx_tui.detection.experiment_names import says_otherwise, says_train
from mlx_tui.detection.launch_targets import (
    compose_files,
    console_scripts,
    find_script,
    make_target,
    module_file,
    script_launches,
)
from mlx_tui.detection.launches import Launch, LaunchKind, launches
from mlx_tui.detection.source import RepositoryView, SourceFile, remembered
from mlx_tui.detection.words import Words
from mlx_tui.formats.dockerfile import parse_dockerfile
from mlx_tui.formats.shell import ShellCommand, parse_shell
from mlx_tui.formats.tasks import Task
from mlx_tui.formats.yaml_commands import container_command
from mlx_tui.formats.yaml_lines import Entry, YamlError, compose, entries, get, scalar

MAX_DEPTH = 3
MAX_BYTES_JUDGED = 300_000

_FITS = Words(
    b".fit( .fit_transform( .train( Trainer( log_metric log_param autolog( .backward( mlflow_log_ mlflow.run("
    b" projects.run( start_run( set_experiment( train_model training_pipeline TrainPipeline run_pipeline ModelTrain"
    b" xgb.train lgb.train optuna.create_study import_module".split()
)
_TRAINS = re.compile(rb"\btrain\(")
_INFRASTRUCTURE = re.compile(
    r"postgres|mysql|redis|minio|mongo|nginx|mlflow|webserver-db|init|statsd|exporter", re.IGNORECASE
)
_MAY_SERVE = Words(
    b"FastAPI( Flask( streamlit uvicorn.run gradio Dash( app.run( bentoml HTTPServer BaseHTTPRequestHandler".split()
)
_SERVES = re.compile(
    rb"FastAPI\(|\bFlask\(|import streamlit|uvicorn\.run|\bgradio\b|\bDash\(|app\.run\(|bentoml"
    rb"|HTTPServer|BaseHTTPRequestHandler"
)
_ROUTE_TRAINS = re.compile(
    rb"(?:route|post|get|put|include_router|button)\(\s*[fr]?[\"'][^\"'\n]*train|include_router\([^)\n]*(?:train|model)"
    rb"|def\s+(?:\w*_)?(?:re)?train\w*\(|(?:system|run|Popen|call)\([^)\n]*(?:train|main\.py|dvc|mlflow run)|\.fit\("
    rb"|Train(?:ing)?Pipeline|training_pipeline|train_model\(",
    re.IGNORECASE,
)
_ABOUT_ML = re.compile(rb"train|\.fit\(|mlflow|experiment|pipeline|hydra|kedro|log_param|Tracker", re.IGNORECASE)
_NAMED = frozenset({LaunchKind.CONTAINER, LaunchKind.COMPOSE, LaunchKind.TASK, LaunchKind.JOB})
_LONG_TEXT = re.compile(rb"(\"\"\"|''').*?\1", re.DOTALL)
"""A text of several lines: a docstring, or a program that is written elsewhere, and no code of this file."""
_NO_EXPERIMENT = frozenset({"terraform", "tofu", "terragrunt", "pulumi", "cdk", "s3cmd", "systemctl"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a launch runs an experiment, and why; `serves` where it only starts a service that can run one."""

    runs: bool
    why: str
    serves: bool = False


def judge(launch: Launch, origin: str, repository: RepositoryView, depth: int = 0) -> Verdict:
    """Judges whether a launch runs an experiment of the repository.

    Args:
        launch: What a command launches.
        origin: The file that holds the command.
        repository: Where its script is looked for.
        depth: How many scripts and tasks led here.
    """
    return _verdict(repository, launch, origin, depth)


@remembered
def _verdict(repository: RepositoryView, launch: Launch, origin: str, depth: int) -> Verdict:
    if launch.kind is LaunchKind.PIPELINE:
        return Verdict(True, f"runs `{launch.target}`")
    if launch.tool == "make" and depth <= MAX_DEPTH and (task := make_target(launch.target, origin, repository)):
        return _judge_make(task, origin, repository, depth + 1)
    if launch.kind is LaunchKind.PROGRAM:
        return _judge_own_program(launch, repository)
    if depth > MAX_DEPTH or launch.kind in _NAMED:
        named = re.fullmatch(r"[\w./:@-]+", launch.target) is not None
        trains = named and says_train(launch.target) and not says_otherwise(launch.target)
        return Verdict(trains, f"`{launch.target}` says by its name that it trains")
    file = (
        module_file(repository, origin, launch.target)
        if launch.kind in {LaunchKind.MODULE, LaunchKind.SERVICE} and not launch.target.endswith(".py")
        else find_script(repository, origin, launch.target)
    )
    if file is not None and file.suffix in {".sh", ".bash", ".bat", ".cmd", ".ps1"}:
        return _judge_shell(file, repository, depth)
    return _judge_program(launch, file)


def _judge_own_program(launch: Launch, repository: RepositoryView) -> Verdict:
    """A console script of the project whose own name or whose arguments say train."""
    words = [word for word in (launch.target, *launch.tool.split()) if ":" not in word]
    trains = any(re.search(r"train|(?:^|[_/-])(?:fit|tun)", word) for word in words) and not any(
        says_otherwise(word) for word in words
    )
    own = trains and (launch.target.startswith("[") or launch.target in console_scripts(repository))
    return Verdict(own, f"`{' '.join(words)}` is the project's own program and says by its name that it trains")


def _judge_make(found: tuple[Task, tuple[Task, ...]], origin: str, repository: RepositoryView, depth: int) -> Verdict:
    task, tasks = found
    if verdict := judge_task(task, origin, repository, depth):
        return verdict
    for need in task.needs:
        needed = next((other for other in tasks if need in other.name.split()), None)
        if needed and (verdict := judge_task(needed, origin, repository, depth)):
            return verdict
    return Verdict(False, f"target `{task.name}` doesn't train")


def _judge_shell(file: SourceFile, repository: RepositoryView, depth: int) -> Verdict:
    for launch in script_launches(repository, file.path):
        if (verdict := judge(launch, file.path, repository, depth + 1)).runs:
            return Verdict(True, f"`{file.name}`: {verdict.why}")
    return Verdict(False, f"no command of `{file.path}` trains")


def _judge_program(launch: Launch, file: SourceFile | None) -> Verdict:
    name = posixpath.basename(launch.target.replace("\\", "/"))
    only_main = re.fullmatch(r"(?:.*\.)?(?:__)?main(?:__)?(?:\.\w+)?", name) is not None
    if launch.kind is not LaunchKind.SERVICE and says_train(name) and not only_main:
        return Verdict(True, f"`{name}` says by its name that it trains")
    content = file.data[:MAX_BYTES_JUDGED] if file is not None else b""
    if launch.kind is LaunchKind.SERVICE or _serves(content):
        trains = bool(_ROUTE_TRAINS.search(_LONG_TEXT.sub(b"''", content)))
        return Verdict(trains, f"`{name}` serves routes of which one trains" if trains else f"`{name}` serves", True)
    if only_main and (file is None or _ABOUT_ML.search(content)):
        return Verdict(True, f"`{name}` is the project's main program")
    if not says_otherwise(name) and (_FITS.occur_in(content) or _TRAINS.search(content)):
        return Verdict(True, f"`{name}` fits or logs a model")
    return Verdict(False, f"`{name}` doesn't say that it trains")


def _serves(content: bytes) -> bool:
    """Whether code serves; its long texts are taken out where they may be what says so, for that takes long."""
    return _MAY_SERVE.occur_in(content) and _SERVES.search(_LONG_TEXT.sub(b"''", content)) is not None


def judge_command(
    command: ShellCommand, origin: str, repository: RepositoryView, *, serving: bool = True
) -> Verdict | None:
    """The verdict on a command that runs an experiment; None where it doesn't.

    Args:
        command: The command.
        origin: The file that holds it.
        repository: Where its script is looked for.
        serving: Whether to start a service of which a route trains is to run one.
    """
    for launch in launches(command):
        verdict = judge(launch, origin, repository)
        if verdict.runs and (serving or not verdict.serves):
            return verdict
    return None


def judge_task(
    task: Task, origin: str, repository: RepositoryView, depth: int = 0, *, serving: bool = True
) -> Verdict | None:
    """The verdict on a task that runs an experiment, by its commands and by its name; None where it doesn't.

    Args:
        task: The task.
        origin: The file that holds it.
        repository: Where scripts are looked for.
        depth: How many scripts and tasks led here.
        serving: Whether to start a service of which a route trains is to run an experiment.
    """
    for text in task.commands:
        for command in parse_shell(text.text, text.line).commands:
            for launch in launches(command):
                verdict = judge(launch, origin, repository, depth + 1)
                if verdict.runs and (serving or not verdict.serves):
                    return Verdict(True, f"task `{task.name}`: {verdict.why}", verdict.serves)
                named = says_train(task.name) and not says_otherwise(task.name)
                other = launch.kind is LaunchKind.TASK or launch.target in _NO_EXPERIMENT
                if named and not other and not says_otherwise(launch.target):
                    return Verdict(True, f"task `{task.name}` says by its name that it trains")
    return None


def container_trains(launch: Launch, origin: str, repository: RepositoryView) -> Verdict:
    """Whether the image that a `docker run` starts runs an experiment, as the Dockerfile's last command says."""
    if _INFRASTRUCTURE.search(launch.target):
        return Verdict(False, f"`{launch.target}` is no image of the project's")
    for base in (origin, ""):
        path = repository.resolve(base, "Dockerfile")
        file = repository.read(path) if path else None
        if file and (verdict := _dockerfile_trains(file, repository)):
            return verdict
    return Verdict(False, f"what the image `{launch.target}` runs isn't told")


def _dockerfile_trains(file: SourceFile, repository: RepositoryView) -> Verdict | None:
    instructions = parse_dockerfile(file.text)
    last = [item for item in instructions if item.keyword in {"CMD", "ENTRYPOINT"}][-2:]
    for instruction in last:
        for command in parse_shell(instruction.command, instruction.line).commands:
            if verdict := judge_command(command, file.path, repository):
                return Verdict(True, f"the container: {verdict.why}")
    return None


def compose_trains(launch: Launch, origin: str, repository: RepositoryView) -> Verdict:
    """Whether `docker compose up` starts more than servers: a service that trains, or one of whose routes does."""
    wanted = launch.target.split()
    for file in compose_files(launch, origin, repository):
        try:
            root = compose(file.text)
        except YamlError:
            continue
        for service in entries(get(root, "services")):
            if wanted and service.key not in wanted:
                continue
            if verdict := _service_trains(file.path, service, repository):
                return verdict
    return Verdict(False, "compose starts no service that trains")


def _service_trains(path: str, service: Entry, repository: RepositoryView) -> Verdict | None:
    found = {entry.key: entry for entry in entries(service.node)}
    image = scalar(found["image"].node) or "" if "image" in found else ""
    names = f"{service.key} {re.split('[:@]', image)[0]}"
    if command := container_command(found):
        for inner in parse_shell(command.text).commands:
            if verdict := judge_command(inner, path, repository):
                return Verdict(True, f"service `{service.key}`: {verdict.why}")
    if re.search(r"airflow|prefect|dagster|trainer|\btrain", names, re.IGNORECASE) and not _INFRASTRUCTURE.search(
        names
    ):
        return Verdict(True, f"service `{service.key}` runs the pipeline")
    if "build" not in found:
        return None
    node = found["build"].node
    context = scalar(node) or scalar(get(node, "context")) or "."
    name = scalar(get(node, "dockerfile")) or "Dockerfile"
    target = repository.resolve(path, posixpath.join(context, name))
    file = repository.read(target) if target else None
    return _dockerfile_trains(file, repository) if file else None
