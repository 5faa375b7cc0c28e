"""READMEs: the commands that run the experiment, where they are shown as code (ground rule 7)."""

import posixpath
import re
from collections.abc import Iterator

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.experiments import Verdict
from mlx_tui.detection.files.documented import judge_documented
from mlx_tui.detection.files.evidence import evidence
from mlx_tui.detection.launches import Launch, LaunchKind, launches
from mlx_tui.detection.model import Anomaly, Finding
from mlx_tui.detection.source import RepositoryView, SourceFile
from mlx_tui.formats.readme_code import Snippet, snippets
from mlx_tui.formats.shell import ShellCommand, parse_shell

_SUFFIXES = frozenset({"", ".md", ".rst", ".txt", ".markdown", ".mdown", ".adoc", ".org", ".rmd", ".qmd"})
_NOT_SHELL = frozenset(
    [
        *(
            "yaml",
            "yml",
            "json",
            "toml",
            "ini",
            "sql",
            "java",
            "scala",
            "r",
            "html",
            "css",
            "xml",
            "js",
            "javascript",
            "ts",
        ),
        *(
            "typescript",
            "dockerfile",
            "docker",
            "diff",
            "csv",
            "mermaid",
            "latex",
            "bibtex",
            "cpp",
            "c",
            "go",
            "properties",
        ),
    ]
)
_LAUNCHES = re.compile(
    r"py|PY|mlflow|dvc|make|kedro|docker|podman|jupyter|papermill|\.(?:sh|bash|bat|cmd|ps1|ipynb|R|r)\b|Rscript|uvicorn|streamlit"
    r"|gunicorn|flask|fastapi|just|task|poe|inv|tox|nox|npm|yarn|pnpm|mise|snakemake|torchrun|accelerate|deepspeed|spark-submit"
    r"|uv run|poetry|pdm|rye|hatch|pixi|guild|train|fit|tun|bentoml"
    r"|dbx (?:launch|execute)|bundle run|ml job|custom-jobs"
)  # cheap, so that most code of a README isn't parsed at all
_CODE = frozenset({"python", "py", "python3", "ipython", "pycon", "makefile", "make"})
_COMMAND_LIKE = re.compile(
    r"\s*+[!$%>]?+\s*+(?:python3?|mlflow|dvc|docker|make|kedro|bash|sh|uv|poetry|\./)\S*\s+[\w./-]"
)
_PROMPT = re.compile(
    r"^\s*(?:\([\w .-]+\)\s*)?(?:[\w.@~:/\\-]*[$%]\s+|[\w.-]+@[\w.:~/\\-]+#\s+|\$"
    r"|PS [^>]*>\s*|[A-Z]:\\[^>]*>\s*|>\s+|!|>>\s+)(?=[\w./\"])"
)
_TREE = re.compile(r"[├└│]|\|--|\+--|`--")


def wants(path: str) -> bool:
    """Whether the file is a README of prose, at any depth."""
    stem, suffix = posixpath.splitext(posixpath.basename(path).lower())
    return suffix in _SUFFIXES and re.match(r"readme(?:$|[._-])", stem) is not None


def match(file: SourceFile, repository: RepositoryView, codebook: Codebook) -> Iterator[Finding | Anomaly]:
    """Yields each command of a README that runs the experiment."""
    seen: set[tuple[int, str]] = set()
    known: dict[tuple[Launch, bool], Verdict] = {}
    for snippet in snippets(file.text):
        if not _LAUNCHES.search(snippet.text):
            continue
        cloned = bool(re.search(r"\bgit\s+clone\b", snippet.text))
        for command in shown_commands(snippet):
            for launch in launches(command):
                if _is_mention(snippet, command, launch):
                    continue
                if (launch, cloned) not in known:
                    known[launch, cloned] = judge_documented(launch, file.path, repository, cloned=cloned)
                verdict = known[launch, cloned]
                if verdict.runs and (command.line, command.text) not in seen:
                    seen.add((command.line, command.text))
                    why = f"the README shows `{command.text[:80]}`: {verdict.why}"
                    yield evidence(file, "execution.documented", command.line, "command", why, value=command.text[:200])


def shown_commands(snippet: Snippet) -> list[ShellCommand]:
    """The shell commands of a README's code: prompts taken off, other languages and directory trees left out."""
    if snippet.language in _NOT_SHELL or _TREE.search(snippet.text):
        return []
    if (
        snippet.inline
        and " " not in snippet.text
        and not snippet.text.endswith((".sh", ".bat", ".cmd", ".ps1", "make"))
    ):
        return []  # the name of something
    lines = snippet.text.split("\n")
    prompted = [bool(_PROMPT.match(line)) for line in lines]
    if any(prompted) and not snippet.inline:
        kept, following = [], False
        for line, has_prompt in zip(lines, prompted, strict=True):
            kept.append(_PROMPT.sub("", line) if has_prompt else line if following else "")
            following = (has_prompt or following) and line.rstrip().endswith("\\")
        lines = kept
    else:
        lines = [_PROMPT.sub("", line) for line in lines]
    if snippet.language in _CODE:
        lines = [line if _COMMAND_LIKE.match(line) else "" for line in lines]
    lines = [re.sub(r"<[\w .,/|:'-]+>", "your_value", line) for line in lines]
    text = re.sub(r"(?<=[\w.])\\(?=\w)", "/", "\n".join(lines))  # a path as Windows writes it
    return parse_shell(text, snippet.line).commands


def _is_mention(snippet: Snippet, command: ShellCommand, launch: Launch) -> bool:
    """Whether code only names a file or a command and doesn't show how it is run."""
    words = command.words
    if "--help" in words or "-h" in words[-1:]:
        return True
    if launch.kind is LaunchKind.PIPELINE and launch.tool == "mlflow":
        return len(words) < 3
    bare = len(words) == 1 and launch.kind in {LaunchKind.SCRIPT, LaunchKind.NOTEBOOK, LaunchKind.PROGRAM}
    return bare and not words[0].startswith(("./", ".\\")) and not words[0].endswith((".sh", ".bat", ".cmd", ".ps1"))
