"""MLflow's environment variables where code gives them a value, and the commands that code runs."""

import ast
import re
import shlex
from collections.abc import Iterator

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.commands import match_command_line
from mlx_tui.detection.model import Finding
from mlx_tui.detection.python.hits import Context, Hit, ResolvedCall, shown
from mlx_tui.detection.python.scopes import Function, Place, Scope, Site
from mlx_tui.detection.rules import EnvironmentRule
from mlx_tui.detection.settings import ARTIFACTS, BACKEND, EXPERIMENT, NAMES, S3_ENDPOINT, SYSTEM_METRICS, TRACKING_URI
from mlx_tui.detection.uri import HOLE, artifact_scheme, database_scheme

_SETTERS = frozenset({"setdefault", "putenv", "setenv", "set_key", "set_env_variable"})
_VARIABLES = frozenset({"V1EnvVar", "EnvVar"})
_UPDATES = frozenset({"update", "dict"})
_SETS = _SETTERS | _VARIABLES | _UPDATES
_RUNNERS = frozenset(
    {
        *("os.system", "os.popen", "subprocess.run", "subprocess.Popen", "subprocess.call", "subprocess.check_call"),
        *(
            "subprocess.check_output",
            "subprocess.getoutput",
            "subprocess.getstatusoutput",
            "os.execvp",
            "pexpect.spawn",
        ),
        *("asyncio.create_subprocess_shell", "asyncio.create_subprocess_exec", "builtins.get_ipython().getoutput"),
        *("builtins.get_ipython().system", "builtins.get_ipython().system_raw", "IPython.get_ipython().system"),
        *("IPython.get_ipython().system_raw", "invoke.run", "pty.spawn", "subprocess32.Popen", "sh.Command"),
    }
)

_RUNNER_NAME = re.compile(
    r"(?:os\.)?(?:system|popen)|(?:\w+\.)?(?:Popen|check_call|check_output|create_subprocess_shell)|(?:subprocess|sp)\.\w+"
)
"""A runner as it is written inside a function of the repository."""


def match_environment(context: Context, codebook: Codebook) -> Iterator[Hit]:
    """Yields what the environment variables show that code gives a value."""
    own = codebook.rules(EnvironmentRule)
    names = NAMES.union(*(rule.names for _, rule in own))
    for place, name, value in _settings(context, names):
        yield from _setting(place, name, value)
        for feature, rule in own:
            if name in rule.names:
                yield Hit(feature, place, rule.id, rule.note or f"`{name}` is given a value", value)


def _settings(context: Context, names: frozenset[str]) -> Iterator[tuple[Place, str, str]]:
    for place, name, value in context.environment:
        if name in names:
            yield place, name, value
    for site in context.module.assignments:
        if isinstance(site.node, ast.Assign):
            for target in site.node.targets:
                if not isinstance(target, ast.Subscript) or not _may_be(target.slice, names):
                    continue
                if "env" in shown(target.value).lower():
                    key = context.evaluator.text(target.slice, site.scope)
                    if key in names:
                        yield site.place, key, context.evaluator.text(site.node.value, site.scope) or ""
    for site in context.module.dicts:
        if isinstance(site.node, ast.Dict):
            for written, given in zip(site.node.keys, site.node.values, strict=False):
                if isinstance(written, ast.Constant) and isinstance(written.value, str) and written.value in names:
                    text = context.evaluator.text(given, site.scope) or ""
                    yield Place(site.place.cell, written.lineno), written.value, text
            if len(site.node.keys) == 2:
                yield from _named_pair(context, site, site.node, names)
    yield from _set_by_calls(context, names)


def _may_be(key: ast.expr, names: frozenset[str]) -> bool:
    """Whether a key may be one of the names, told without evaluating it."""
    return not isinstance(key, ast.Constant) or key.value in names


def _named_pair(
    context: Context, site: Site, node: ast.Dict, names: frozenset[str]
) -> Iterator[tuple[Place, str, str]]:
    """A variable of a container as Kubernetes writes it: `{"name": …, "value": …}`."""
    pair = {k.value: v for k, v in zip(node.keys, node.values, strict=True) if isinstance(k, ast.Constant)}
    if {"name", "value"} == pair.keys():
        name = context.evaluator.text(pair["name"], site.scope) or ""
        if name in names:
            place = Place(site.place.cell, pair["name"].lineno)
            yield place, name, context.evaluator.text(pair["value"], site.scope) or ""


def _set_by_calls(context: Context, names: frozenset[str]) -> Iterator[tuple[Place, str, str]]:
    for resolved in context.calls:
        call, function = resolved.call, resolved.call.node.func
        last = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if last not in _SETS:
            continue
        if last in _SETTERS and len(call.node.args) > 1:
            key, value = call.node.args[-2], call.node.args[-1]
            text = context.evaluator.text(key, call.scope)
            if text in names:
                yield call.place, text, context.evaluator.text(value, call.scope) or ""
        elif last in _VARIABLES:
            given = {keyword.arg: keyword.value for keyword in call.node.keywords}
            text = context.evaluator.text(given["name"], call.scope) if "name" in given else None
            if text in names and "value" in given:
                yield call.place, text, context.evaluator.text(given["value"], call.scope) or ""
        elif last in _UPDATES:
            for keyword in call.node.keywords:
                if keyword.arg in names:
                    text = context.evaluator.text(keyword.value, call.scope) or ""
                    yield Place(call.place.cell, keyword.lineno), keyword.arg or "", text


def _setting(place: Place, name: str, value: str) -> Iterator[Hit]:
    why = f"`{name}` is given a value"
    if name == TRACKING_URI:
        yield Hit("tracking.configured", place, "tracking.configured.variable", why, value)
    elif name in EXPERIMENT:
        yield Hit("runs.experiment", place, "runs.experiment.variable", why, value)
    elif name in BACKEND and database_scheme(value):
        yield Hit("tracking.backend_db", place, "tracking.backend_db.backend_store", why, database_scheme(value))
    elif name in ARTIFACTS and artifact_scheme(value):
        yield Hit("tracking.artifact_store", place, "tracking.artifact_store.location", why, artifact_scheme(value))
    elif name == S3_ENDPOINT:
        yield Hit("tracking.artifact_store", place, "tracking.artifact_store.s3_endpoint", why, value)
    elif name == SYSTEM_METRICS and value.strip("'\"").lower() in {"true", "1", "yes", "on"}:
        yield Hit("environment.system_metrics", place, "environment.system_metrics.variable", why, value)


def match_commands(context: Context, codebook: Codebook, path: str) -> Iterator[Finding]:
    """Yields what the commands show that code runs through `os.system`, `subprocess` and their like.

    A function of the repository that hands its parameter on to one of them counts as one of them, where its file is
    one of those that are parsed.
    """
    for resolved in context.calls:
        if not resolved.call.node.args:
            continue
        names = resolved.names
        if _RUNNERS.isdisjoint(names) and (len(names) == len(resolved.targets) or not _hands_on(resolved)):
            continue
        call = resolved.call
        text = _command(context, resolved.call.node, call.scope)
        if "mlflow" in text or "models:/" in text:
            yield from match_command_line(
                text,
                path,
                call.place.line,
                cell=call.place.cell,
                excerpt=context.excerpt(call.place),
                codebook=codebook,
            )


def _hands_on(resolved: ResolvedCall) -> bool:
    """Whether a call gives a command of MLflow to a function of the repository that runs what it is given."""
    functions = [target for target in resolved.targets if isinstance(target, Function)]
    return bool(functions) and _names_mlflow(resolved.call.node.args[0]) and any(map(_runs_parameter, functions))


def _names_mlflow(node: ast.expr) -> bool:
    texts = (part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str))
    return any("mlflow" in text for text in texts)


def _runs_parameter(function: Function) -> bool:
    given = function.node.args
    names = {argument.arg for argument in (*given.posonlyargs, *given.args, given.vararg) if argument is not None}
    for node in ast.walk(function.node):
        if isinstance(node, ast.Assign) and _mentions(node.value, names):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
    calls = (node for node in ast.walk(function.node) if isinstance(node, ast.Call) and node.args)
    return any(_RUNNER_NAME.fullmatch(shown(call.func)) and _mentions(call.args[0], names) for call in calls)


def _mentions(node: ast.expr, names: set[str]) -> bool:
    return any(isinstance(part, ast.Name) and part.id in names for part in ast.walk(node))


def _command(context: Context, node: ast.Call, scope: Scope) -> str:
    first = node.args[0]
    if isinstance(first, ast.Call) and isinstance(first.func, ast.Attribute) and first.func.attr == "split":
        text = first.args[0] if first.args and shown(first.func.value) == "shlex" else first.func.value
        return (context.evaluator.text(text, scope) or "").replace(HOLE, "${_}")
    items = context.resolver.items(first, scope)
    if items:
        words = [context.evaluator.text(item, where) or HOLE for item, where in items]
        return " ".join(_word(word) for word in words)
    if len(node.args) > 1 and all(isinstance(item, ast.Constant | ast.JoinedStr) for item in node.args):
        return " ".join(_word(context.evaluator.text(item, scope) or HOLE) for item in node.args)
    return (context.evaluator.text(node.args[0], scope) or "").replace(HOLE, "${_}")


def _word(text: str) -> str:
    return text.replace(HOLE, "${_}") if HOLE in text else shlex.quote(text)
