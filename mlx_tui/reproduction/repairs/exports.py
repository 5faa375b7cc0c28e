"""The repair of an exported environment that can't be built again: what the code imports stays, the rest is left open.

`conda env export` and `pip freeze` list every package of a machine with its version, most of them installed by others
or for other work. What the kept ones need is installed all the same, in versions of the time.
"""

from dataclasses import replace

from mlx_tui.reproduction.install_failure import InstallCause
from mlx_tui.reproduction.model import Plan
from mlx_tui.reproduction.repairs.failure import Failure, repaired
from mlx_tui.reproduction.requirement_lines import name_of, pinned

FEWEST = 20
"""A shorter list was written by a person, who meant each line."""
NAME = "only what the code imports"
_ANSWERED = (
    InstallCause.NO_VERSION,
    InstallCause.NO_WHEEL,
    InstallCause.BUILD,
    InstallCause.CONFLICT,
    InstallCause.METADATA,
    InstallCause.OTHER,
)
_KEPT = frozenset({"mlflow", "mlflow-skinny", "pip", "setuptools", "wheel", "ipykernel"})


def only_imported(plan: Plan, failure: Failure) -> Plan | None:
    """An exported environment of which a package that nothing imports can't be installed, without such packages."""
    install, spec = failure.install, plan.environment
    if install is None or install.cause not in _ANSWERED or not failure.imported:
        return None
    wanted = failure.imported | _KEPT
    named = [line for line in spec.requirements if name_of(line)]
    if len(pinned(tuple(named))) < FEWEST or name_of(install.package) in wanted - _KEPT:
        return None
    kept = tuple(line for line in spec.requirements if not name_of(line) or name_of(line) in wanted)
    left_out = len(spec.requirements) - len(kept)
    if not left_out or not any(name_of(line) in wanted - _KEPT for line in kept):
        return None
    changed = replace(plan, environment=replace(spec, requirements=kept))
    did = f"{left_out} of {len(named)} listed packages left open: no code that is run imports them"
    return repaired(changed, NAME, did, install.message)
