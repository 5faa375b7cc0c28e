"""Named checks over calls: what the declared kinds of rules can't say (`kind = "check"` in the codebook)."""

import ast
import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from mlx_tui.detection.python.call_rules import resolution
from mlx_tui.detection.python.hits import Argument, Context, Hit, ResolvedCall, argument, entries, expanded, is_none
from mlx_tui.detection.python.resolve import Instance, argument_for
from mlx_tui.detection.python.scopes import Class, Function, Place, Scope
from mlx_tui.detection.python.values import Unknown
from mlx_tui.detection.uri import HOLE, artifact_scheme

CallCheck = Callable[[Context, ResolvedCall, str, str], Iterator[Hit]]
"""Takes the context, the call, the feature's id and the rule's id."""

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
    """Tags are set, of which at least one isn't MLflow's own."""
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
    """The tag `mlflow.parentRunId` is set, by a tag call or in any `tags=`."""
    keys = keyed(context, resolved, _TAG_CALLS)
    if keys is None:
        given = argument(context, resolved.call, "tags")
        if given is None:
            given = _tags_argument(context, resolved)
        keys = _dict_keys(context, given, given.place) if given is not None else []
    for key, value, place in keys:
        if key == "mlflow.parentRunId":
            yield Hit(feature, value.place if value else place, rule, "the tag mlflow.parentRunId is set", key)


def records_commit(context: Context, resolved: ResolvedCall, feature: str, rule: str) -> Iterator[Hit]:
    """A tag or parameter whose key names a code version, or whose value is read from git."""
    keys = keyed(context, resolved, _TAG_CALLS | _PARAMETER_CALLS)
    if keys is None:
        given = _tags_argument(context, resolved)
        keys = _dict_keys(context, given, given.place) if given is not None else []
    for key, value, place in keys:
        named = _names_code_version(key)
        hand_written = value is not None and _is_literal(context, value.value, value.scope)
        read = value is not None and _read_from_git(context, value.value, value.scope)
        if read or (named and not hand_written):
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


def logs_source(context: Context, resolved: ResolvedCall, feature: str, rule: str) -> Iterator[Hit]:
    """`log_artifact(s)` of `__file__`, of a Python file or notebook, of a source folder, or of a module's path."""
    method, name = resolved.method, resolved.mlflow
    if method not in ("log_artifact", "log_artifacts"):
        return
    first = "local_dir" if method.endswith("s") else "local_path"
    given = argument(context, resolved.call, first, int(resolved.on_client))
    if given is None:
        return
    why = _source_path(context, given, method)
    if why:
        yield Hit(feature, resolved.call.place, rule, f"{resolution(resolved.call.node, name)}, given {why}")


_SOURCE_FOLDER = re.compile(r"(^|/)(src|source|code|scripts?|lib)/?$", re.IGNORECASE)


def _source_path(context: Context, given: Argument, method: str) -> str:
    if _is_own_file(context, given.value, given.scope):
        return "the file itself"
    text = context.evaluator.text(given.value, given.scope) or ""
    if re.search(r"\.(py|ipynb)$", text):
        return f"a source file, {text.replace(HOLE, '…')}"
    if method == "log_artifacts" and (_SOURCE_FOLDER.search(text) or text in (".", "./")):
        return f"a source folder, {text.replace(HOLE, '…')}"
    return "a path that the file loads as a module" if _loaded_as_module(context, given) else ""


def _is_own_file(context: Context, node: ast.expr, scope: Scope, depth: int = 0) -> bool:
    """`__file__` itself, whatever is wrapped round it but for its folder."""
    if isinstance(node, ast.Name) and node.id == "__file__":
        return True
    if isinstance(node, ast.Call):
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr in ("dirname", "join"):
            return False
        inner = [*node.args[:1], *([function.value] if isinstance(function, ast.Attribute) else [])]
        return any(_is_own_file(context, item, scope, depth) for item in inner)
    if isinstance(node, ast.Name) and depth < 3:
        return any(_is_own_file(context, v, where, depth + 1) for v, where in context.resolver.values(node, scope))
    if isinstance(node, ast.Subscript):
        return isinstance(node.value, ast.Attribute) and node.value.attr == "argv" and _index(node) == 0
    return False


def _index(node: ast.Subscript) -> int | None:
    return node.slice.value if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int) else None


_LOADERS = ("spec_from_file_location", "run_path", "SourceFileLoader", "load_source")


def _loaded_as_module(context: Context, given: Argument) -> bool:
    """The same file hands the same path to `importlib`'s loaders or `runpy`, by itself or through a function."""
    if not isinstance(given.value, ast.Name | ast.Attribute):
        return False
    written = ast.dump(given.value)
    for resolved in context.calls:
        if not any(name.endswith(_LOADERS) for name in resolved.names):
            continue
        for item in (*resolved.call.node.args, *(keyword.value for keyword in resolved.call.node.keywords)):
            if ast.dump(item) == written or written in _passed(context, item, resolved.call.scope):
                return True
    return False


def _passed(context: Context, node: ast.expr, scope: Scope) -> set[str]:
    """What the calls of a function in this file give to the parameter that an expression names."""
    function = scope.enclosing_function
    if function is None or not isinstance(node, ast.Name):
        return set()
    calls = (resolved.call.node for resolved in context.calls if function in resolved.targets)
    given = (argument_for(call, function, node.id) for call in calls)
    return {ast.dump(item) for item in given if item is not None}


_SEEDERS = re.compile(
    r"(?:.*\.)?(?:random\.seed|seed_everything|set_seed|set_random_seed|manual_seed|manual_seed_all|seed_all|PRNGKey)"
    r"|(?:numpy|np|jax\.numpy)\.random\.(?:seed|default_rng|RandomState|SeedSequence|Generator)"
    r"|tensorflow\.(?:.*\.)?set_seed"
)
_SEEDED_BY_GIVEN = ("default_rng", "RandomState", "seed", "SeedSequence")


def seeded(context: Context, resolved: ResolvedCall, feature: str, rule: str) -> Iterator[Hit]:
    """A random seed is fixed: a seeding function is called, or a `random_state=` or a library's `seed=` is given."""
    call = resolved.call
    if not _may_seed(call.node):
        return
    for name in resolved.names or [_written_name(call.node.func)]:
        if name and _SEEDERS.fullmatch(name) and _seed_given(call.node):
            yield Hit(
                feature, call.place, rule, resolution(call.node, name), _seed_text(context, call.node, call.scope)
            )
            return
    if any(
        isinstance(t, Function) and t.node.name in ("set_seed", "seed_everything", "set_random_seed")
        for t in resolved.targets
    ):
        yield Hit(feature, call.place, rule, "the repository's own function that seeds is called")
        return
    for name in ("random_state", "seed"):
        given = argument(context, call, name)
        if given is None or is_none(given.value):
            continue
        if name == "random_state" or _is_library_call(resolved) or _by_expansion(context, resolved, name):
            value = context.evaluator.value(given.value, given.scope)
            text = "" if isinstance(value, Unknown) else str(value)
            yield Hit(feature, given.place, rule, f"`{name}=` is given", text)
            return


_SEEDING_NAMES = frozenset(
    {
        *("seed", "seed_everything", "set_seed", "set_random_seed", "manual_seed", "manual_seed_all", "seed_all"),
        *("PRNGKey", "default_rng", "RandomState", "SeedSequence", "Generator"),
    }
)


def _may_seed(node: ast.Call) -> bool:
    """Whether a call can fix a seed, told from how it is written."""
    if any(keyword.arg in ("seed", "random_state", None) for keyword in node.keywords):
        return True
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr in _SEEDING_NAMES
    return isinstance(function, ast.Name)


def _by_expansion(context: Context, resolved: ResolvedCall, name: str) -> bool:
    return any(key == name for key, _, _ in expanded(context, resolved.call))


def _written_name(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join(reversed(parts)) if parts else ""


def _seed_given(node: ast.Call) -> bool:
    first = node.args[0] if node.args else node.keywords[0].value if node.keywords else None
    return first is not None and not is_none(first)


def _seed_text(context: Context, node: ast.Call, scope: Scope) -> str:
    value = context.evaluator.value(node.args[0], scope) if node.args else None
    return str(value) if isinstance(value, int) else ""


_UNKNOWN = "builtins."
_NOT_LIBRARIES = ("builtins.dict", "argparse.", "dataclasses.", "pydantic.", "typing.", "collections.")


def _is_library_call(resolved: ResolvedCall) -> bool:
    """The callee isn't the repository's own, as far as that is known."""
    if any(isinstance(target, Function | Class | Instance) for target in resolved.targets):
        return False
    names = resolved.names
    if any(name.startswith(_NOT_LIBRARIES) or ".add_argument" in name for name in names):
        return False
    if names and not names[0].startswith(_UNKNOWN):
        return True
    return isinstance(resolved.call.node.func, ast.Attribute) and not _on_self(resolved.call.node.func)


def _on_self(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")


def artifact_location(context: Context, resolved: ResolvedCall, feature: str, rule: str) -> Iterator[Hit]:
    """`artifact_location=` of MLflow or of an integration names shared storage."""
    given = argument(context, resolved.call, "artifact_location", 1 if resolved.method == "create_experiment" else None)
    scheme = artifact_scheme(context.evaluator.text(given.value, given.scope) or "") if given is not None else ""
    if given is not None and scheme:
        yield Hit(feature, given.place, rule, "`artifact_location` names shared storage", scheme)


MLFLOW_CHECKS: dict[str, CallCheck] = {
    "tagged": tagged,
    "nested_by_tag": nested_by_tag,
    "records_commit": records_commit,
    "logs_source": logs_source,
    "artifact_location": artifact_location,
}
"""The checks of calls that have to do with MLflow, by the name that a codebook gives them."""

CALL_CHECKS: dict[str, CallCheck] = {"seeded": seeded}
"""The checks of any call."""
