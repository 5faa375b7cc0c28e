"""What the calls of a module say of MLflow's version: direct calls with their keywords, and decorators."""

import ast
from collections.abc import Iterator

from mlx_tui.detection.mlflow_interface import Arguments
from mlx_tui.detection.mlflow_versions import call_bounds
from mlx_tui.detection.model import VersionBound
from mlx_tui.detection.python.hits import Context, ResolvedCall
from mlx_tui.detection.python.scopes import Module, Place


def interface_bounds(context: Context) -> Iterator[VersionBound]:
    """Yields the bounds that a module's calls set; those that are guarded against an absent interface set none."""
    module = context.module
    for resolved in context.calls:
        if (
            resolved.mlflow
            and len(resolved.names) == len(resolved.targets)
            and not _guarded(module, resolved.call.place)
        ):
            place = resolved.call.place
            arguments = _arguments(resolved)
            yield from call_bounds(resolved.names, arguments, path=module.path, cell=place.cell, line=place.line)
    for site in module.decorators:
        if isinstance(site.node, ast.Attribute | ast.Name) and not _guarded(module, site.place):
            targets = context.resolver.resolve(site.node, site.scope)
            names = [name for name in targets if isinstance(name, str) and name.startswith("mlflow.")]
            if len(names) == len(targets):
                place = site.place
                yield from call_bounds(names, None, path=module.path, cell=place.cell, line=place.line)


def _arguments(resolved: ResolvedCall) -> Arguments:
    node = resolved.call.node
    called = node.func
    written = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    expanded = any(isinstance(item, ast.Starred) for item in node.args) or any(k.arg is None for k in node.keywords)
    # Under another name it may be a partial, which holds arguments of its own.
    is_open = expanded or written != resolved.method
    return Arguments([k.arg for k in node.keywords if k.arg is not None], len(node.args), is_open)


def _guarded(module: Module, place: Place) -> bool:
    return any(first.cell == place.cell and first.line <= place.line <= last.line for first, last in module.guards)
