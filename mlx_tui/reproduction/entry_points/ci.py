"""The shell scripts of CI configurations: GitHub, GitLab, Azure, CircleCI, Travis, Bitbucket, Jenkins."""

import re
from dataclasses import dataclass

import yaml

from mlx_tui.formats.yaml_lines import YamlError, compose, entries, get, items, line_of, scalar, walk
from mlx_tui.reproduction.worktree import WorkTree, join

_GITHUB = re.compile(r"^\.github/workflows/[^/]+\.ya?ml$")
_OTHERS = re.compile(
    r"^(\.gitlab-ci\.yml|azure-pipelines[^/]*\.ya?ml|\.circleci/config\.yml|\.travis\.yml|bitbucket-pipelines\.yml)$"
)
_SCRIPT_KEYS = {"run", "script", "bash", "command", "before_script", "powershell"}
_JENKINS = re.compile(r"""\b(?:sh|bat)\s*+(?:\(\s*+)?(?:script:\s*+)?('{3}|"{3}|'|")(.*?)\1""", re.DOTALL)
_WORKDIRS = ("working-directory", "workingDirectory", "working_directory")


@dataclass(frozen=True, slots=True)
class Script:
    """A shell script of a CI step.

    Attributes:
        text: Its text.
        line: Line of its first command in the file, from 1.
        folder: In which it runs, relative to the root.
    """

    text: str
    line: int
    folder: str


@dataclass(frozen=True, slots=True)
class Job:
    """The scripts of one CI job, in order."""

    path: str
    name: str
    scripts: tuple[Script, ...]


def ci_jobs(tree: WorkTree) -> list[Job]:
    """Reads the jobs of every CI configuration of a clone; a file that isn't YAML gives none."""
    jobs: list[Job] = []
    for path in tree.files:
        if path.rsplit("/", 1)[-1] == "Jenkinsfile":
            jobs += _jenkins(path, tree.read_text(path))
        elif _GITHUB.match(path) or _OTHERS.match(path):
            try:
                root = compose(tree.read_text(path))
            except YamlError:
                continue
            jobs += _github(path, root) if _GITHUB.match(path) else _other(path, root)
    return [job for job in jobs if job.scripts]


def _github(path: str, root: yaml.Node | None) -> list[Job]:
    found: list[Job] = []
    shared = _workdir(get(root, "defaults", "run"), ".")
    for job in entries(get(root, "jobs")):
        folder = _workdir(get(job.node, "defaults", "run"), shared)
        scripts = [
            _script(run, _workdir(step, folder))
            for step in items(get(job.node, "steps"))
            if isinstance(run := get(step, "run"), yaml.ScalarNode)
        ]
        found.append(Job(path, job.key, tuple(scripts)))
    return found


def _other(path: str, root: yaml.Node | None) -> list[Job]:
    """One job for each top-level key that holds scripts; where to look for them differs too much to be stricter."""
    found: list[Job] = []
    for top in entries(root):
        own = [top] if top.key in _SCRIPT_KEYS else []
        scripts: list[Script] = []
        for entry in [*own, *walk(top.node)]:
            if entry.key in _SCRIPT_KEYS:
                nodes = items(entry.node) or [entry.node]
                scripts += [_script(node, ".") for node in nodes if isinstance(node, yaml.ScalarNode)]
        found.append(Job(path, top.key, tuple(scripts)))
    return found


def _script(node: yaml.ScalarNode, folder: str) -> Script:
    first = line_of(node) + (1 if node.style in ("|", ">") else 0)
    return Script(str(node.value), first, folder)


def _workdir(node: yaml.Node | None, default: str) -> str:
    text = next((value for key in _WORKDIRS if (value := scalar(get(node, key)))), None)
    return (join(".", text) or default) if text else default


def _jenkins(path: str, text: str) -> list[Job]:
    scripts = tuple(
        Script(match[2], text.count("\n", 0, match.start(2)) + 1, ".") for match in _JENKINS.finditer(text[:200_000])
    )
    return [Job(path, "pipeline", scripts)]
