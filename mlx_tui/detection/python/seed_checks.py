"""The named check of a fixed random seed."""

import ast
import re
from collections.abc import Iterator

from mlx_tui.detection.python.call_rules import resolution
from mlx_tui.detection.python.hits import Context, Hit, ResolvedCall, argument, expanded, is_none
from mlx_tui.detection.python.scopes import Class, Function, Scope
from mlx_tui.detection.python.targets import Instance
from mlx_tui.detection.python.values import Unknown

_SEEDERS = re.compile(
    r"(?:.*\.)?(?:random\.seed|seed_everything|set_seed|set_random_seed|manual_seed|manual_seed_all|seed_all|setSeed|PRNGKey)"
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
    if _is_own_seeder(resolved):
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


_OWN_SEEDERS = ("set_seed", "seed_everything", "set_random_seed")


def _is_own_seeder(resolved: ResolvedCall) -> bool:
    """Whether a function of the repository is called by a name that says that it seeds, be its module read or not."""
    if not resolved.targets:
        return isinstance(resolved.call.node.func, ast.Name) and resolved.call.node.func.id in _OWN_SEEDERS
    return any(isinstance(target, Function) and target.node.name in _OWN_SEEDERS for target in resolved.targets)


_SEEDING_NAMES = frozenset(
    {
        *("seed", "seed_everything", "set_seed", "set_random_seed", "manual_seed", "manual_seed_all", "seed_all"),
        *("setSeed", "PRNGKey", "default_rng", "RandomState", "SeedSequence", "Generator"),
    }
)


def _may_seed(node: ast.Call) -> bool:
    """Whether a call can fix a seed, told from how it is written."""
    for keyword in node.keywords:
        if keyword.arg is None or keyword.arg == "seed" or keyword.arg == "random_state":
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
