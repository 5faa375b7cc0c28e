"""The ladder of repairs: which is tried next."""

from collections.abc import Callable

from mlx_tui.reproduction.model import Outcome, Plan
from mlx_tui.reproduction.repairs.contents import image_variables, readable_mlproject
from mlx_tui.reproduction.repairs.examples import set_by_example
from mlx_tui.reproduction.repairs.exports import only_imported
from mlx_tui.reproduction.repairs.failure import Failure
from mlx_tui.reproduction.repairs.images import python_environment
from mlx_tui.reproduction.repairs.interpreter import fitting_interpreter
from mlx_tui.reproduction.repairs.java import newer_spark, open_modules
from mlx_tui.reproduction.repairs.listed import separate_lines, version_that_exists, without_foreign
from mlx_tui.reproduction.repairs.machines import of_another_machine
from mlx_tui.reproduction.repairs.packages import (
    added_module,
    added_program,
    older_mlflow,
    older_numpy,
    older_setuptools,
    older_sqlalchemy,
)
from mlx_tui.reproduction.repairs.pipelines import kept_stage, run_name
from mlx_tui.reproduction.repairs.places import own_name, python_path, run_by_python, working_directory
from mlx_tui.reproduction.repairs.remotes import dvc_remote, git_origin
from mlx_tui.reproduction.repairs.shown import shown_first
from mlx_tui.reproduction.repairs.stages import stage_order

MOST = 6
"""So many repairs an attempt."""

LADDER: tuple[Callable[[Plan, Failure], Plan | None], ...] = (
    python_environment,
    separate_lines,
    without_foreign,
    version_that_exists,
    only_imported,
    fitting_interpreter,
    readable_mlproject,
    older_setuptools,
    python_path,
    own_name,
    added_module,
    added_program,
    older_mlflow,
    older_numpy,
    older_sqlalchemy,
    open_modules,
    newer_spark,
    run_by_python,
    working_directory,
    of_another_machine,
    kept_stage,
    stage_order,
    shown_first,
    run_name,
    image_variables,
    set_by_example,
    git_origin,
    dvc_remote,
)
"""In order: what is the repository's own comes before what is installed."""


def next_repair(plan: Plan, failure: Failure, withdrawn: frozenset[str] = frozenset()) -> Plan | None:
    """The plan with the next repair that answers a failure; its last repair is the new one.

    Args:
        plan: The plan that failed.
        failure: What is known of it.
        withdrawn: Names of repairs with which the environment couldn't be built.

    Returns:
        None where none answers, `MOST` were made, or repairs weren't asked for.
    """
    tried = withdrawn | {repair.name for repair in plan.repairs}
    if not plan.repair or failure.verdict.outcome is not Outcome.FAILED or len(tried) >= MOST:
        return None
    for repair in LADDER:
        changed = repair(plan, failure)
        if changed is None or changed.repairs[-1].name in tried:
            continue
        # Nothing is installed into an image.
        if plan.container is None or changed.container is None or changed.environment == plan.environment:
            return changed
    return None
