"""Named checks over tags and parameters: what their keys and values say."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from mlx_tui.detection.python.call_rules import resolution
from mlx_tui.detection.python.hits import Argument, Context, Hit, ResolvedCall, argument, entries, is_none
from mlx_tui.detection.python.scopes import Function, Place, Scope
from mlx_tui.detection.uri import HOLE

_TAG_CALLS = {
    # method: (position of key or dict in the fluent interface, in the client's)
    "set_tag": (0, 1),
    "set_tags": (0, 1),
    "set_experiment_tag": (0, 1),
    "set_experiment_tags": (0, 1),
    "set_trace_tag": (1, 1),
}
_PARAMETER_CALLS = {"log_param": (0, 1), "log_params": (0, 1)}
_TAGS_ARGUMENT = {"start_run": None, "create_run": 2}
_ALWAYS_A_VERSION = frozenset(
    {"commit", "commits", "githash", "gitsha", "gitcommit", "gitrev", "commitid", "commithash"}
)
_A_VERSION = frozenset(
    {"sha", "sha1", "hash", "rev", "revision", "version", "describe", "ref", "branch", "tag", "state"}
)
_OF_CODE = frozenset({"git", "code", "source", "src", "repo", "repository", "vcs", "head", "codebase"})
_BY_ITSELF = frozenset({"sha", "rev", "revision", "git", "vcs"})
_NEUTRAL = frozenset(
    {"id", "short", "full", "current", "project", "mlflow", "training", "train", "latest", "the", "num"}
)
_NOT_CODE = frozenset({"data", "dataset", "datasets", "dvc", "lakefs", "model", "image", "docker", "label", "prompt"})
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+\d*|\d+")
_GIT_VALUE = re.compile(
    r"git[\"',\s]+rev-parse|git\s+(rev-parse|describe|log)|GITHUB_SHA|CI_COMMIT_SHA|GIT_COMMIT|hexsha"
)


def keyed(
    context: Context, resolved: ResolvedCall, table: dict[str, tuple[int, int]]
) -> list[tuple[str, Argument | None, Place]] | None:
    """Key, value and place of what a tag or parameter call sets; None where it is no such call.

    A key that isn't known is `HOLE`.
    """
    method, call = resolved.method, resolved.call
    if method not in table:
        return None
    position = table[method][resolved.on_client]
    if not method.endswith("s"):
        key = argument(context, call, "key", position)
        value = argument(context, call, "value", position + 1)
        text = context.evaluator.text(key.value, key.scope) if key is not None else None
        return [(text or HOLE, value, call.place)]
    given = argument(context, call, "tags" if "tag" in method else "params", position)
    return _dict_keys(context, given, call.place) if given is not None else [(HOLE, None, call.place)]


def _dict_keys(context: Context, given: Argument, place: Place) -> list[tuple[str, Argument | None, Place]]:
    found: list[tuple[str, Argument | None, Place]] = [
        (key, Argument(value, scope, Place(place.cell, value.lineno)), place)
        for key, value, scope in entries(context, given.value, given.scope)
    ]
    return found or [(HOLE, None, place)]


def _tags_argument(context: Context, resolved: ResolvedCall) -> Argument | None:
    if resolved.method not in _TAGS_ARGUMENT:
        return None
    found = argument(context, resolved.call, "tags", _TAGS_ARGUMENT[resolved.method])
    return None if found is None or is_none(found.value) else found


def tagged(context: Context, resolved: ResolvedCall, feature: str, rule: str) -> Iterator[Hit]:
    """Tags of a run or an experiment are set, of which at least one isn't MLflow's own."""
    if resolved.method == "set_trace_tag":
        return
    keys = keyed(context, resolved, _TAG_CALLS)
    place = resolved.call.place
    if keys is None:
        given = _tags_argument(context, resolved)
        if given is None:
            return
        keys, place = _dict_keys(context, given, given.place), given.place
    if all(key.startswith("mlflow.") for key, _, _ in keys):
        return
    named = ", ".join(key for key, _, _ in keys if HOLE not in key)
    yield Hit(feature, place, rule, resolution(resolved.call.node, resolved.mlflow), named[:200])


def nested_by_tag(context: Context, resolved: ResolvedCall, feature: str, rule: str) -> Iterator[Hit]:
    """The tag `mlflow.parentRunId` is set, by a tag call or in any `tags=`, or `nested` is handed on to `start_run`."""
    keys = keyed(context, resolved, _TAG_CALLS)
    if keys is None:
        given = argument(context, resolved.call, "tags") or _handed_on(context, resolved, "tags")
        if given is None:
            given = _tags_argument(context, resolved)
        keys = _dict_keys(context, given, given.place) if given is not None else []
    for key, value, place in keys:
        if key == "mlflow.parentRunId":
            yield Hit(feature, value.place if value else place, rule, "the tag mlflow.parentRunId is set", key)
    nested = _handed_on(context, resolved, "nested")
    if nested is not None and context.evaluator.value(nested.value, nested.scope) is True:
        yield Hit(feature, nested.place, rule, "`nested` is handed on to `start_run`")


def _handed_on(context: Context, resolved: ResolvedCall, name: str) -> Argument | None:
    """An argument of `start_run` that an integration takes inside its `mlflow_kwargs`."""
    given = argument(context, resolved.call, "mlflow_kwargs")
    if given is None:
        return None
    for key, value, scope in entries(context, given.value, given.scope):
        if key == name:
            return Argument(value, scope, Place(given.place.cell, value.lineno))
    return None


def records_commit(context: Context, resolved: ResolvedCall, feature: str, rule: str) -> Iterator[Hit]:
    """A tag or parameter whose key names a code version, or whose value is read from git."""
    keys = keyed(context, resolved, _TAG_CALLS | _PARAMETER_CALLS)
    if keys is None:
        given = _tags_argument(context, resolved)
        if given is None and not resolved.mlflow:  # an integration's
            given = argument(context, resolved.call, "tags") or _handed_on(context, resolved, "tags")
        keys = _dict_keys(context, given, given.place) if given is not None else []
    for key, value, place in keys:
        named = _names_code_version(key)
        hand_written = value is not None and _is_literal(context, value.value, value.scope)
        if not hand_written if named else value is not None and _read_from_git(context, value.value, value.scope):
            why = f"the key `{key}` names a code version" if named else f"the value of `{key}` is read from git"
            yield Hit(feature, value.place if value and place == value.place else place, rule, why, key)


def _names_code_version(key: str) -> bool:
    """Whether a key names a commit, a revision, a sha, or a version of code or git."""
    if key.startswith("mlflow.source.git.") or key == "mlflow.source.version":
        return True
    in_order = [word.lower() for word in _WORDS.findall(key.replace(HOLE, " "))]
    words = set(in_order)
    if words & _NOT_CODE:
        return False
    if words & _ALWAYS_A_VERSION or ("git" in words and words & _A_VERSION):
        return True
    if any(of in _OF_CODE and what in _A_VERSION for of, what in pairwise(in_order)):
        return True
    return bool(words & _BY_ITSELF) and words <= _BY_ITSELF | _NEUTRAL


def _is_literal(context: Context, node: ast.expr, scope: Scope) -> bool:
    """Whether a value is written by hand: a constant, or a name that is only ever bound to constants."""
    if isinstance(node, ast.Constant):
        return True
    values = context.resolver.values(node, scope) if isinstance(node, ast.Name) else []
    return bool(values) and all(isinstance(value, ast.Constant) for value, _ in values)


def _read_from_git(context: Context, node: ast.expr, scope: Scope, depth: int = 0) -> bool:
    if depth > 4 or not context.names_git or isinstance(node, ast.Constant):
        return False
    try:
        if _GIT_VALUE.search(ast.unparse(node)[:2000]):
            return True
    except (RecursionError, ValueError):
        return False
    for target in context.resolver.resolve(node, scope):
        if isinstance(target, str) and target.startswith("git.Repo"):
            return True
    for child in ast.walk(node):
        if isinstance(child, ast.Call) and _calls_git(context, child, scope):
            return True
        if isinstance(child, ast.Name | ast.Attribute):
            for value, where in context.resolver.values(child, scope)[:6]:
                if value is not node and _read_from_git(context, value, where, depth + 1):
                    return True
    return False


def _calls_git(context: Context, node: ast.Call, scope: Scope) -> bool:
    for target in context.resolver.resolve(node.func, scope):
        if isinstance(target, Function):
            body = target.node
            try:
                return bool(_GIT_VALUE.search(ast.unparse(body)[:5000]))
            except (RecursionError, ValueError):
                return False
    return False
