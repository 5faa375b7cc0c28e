"""The repair of an image that can't be had: the Python environment that the repository declares otherwise."""

from dataclasses import replace

from mlx_tui.reproduction.install_failure import InstallCause
from mlx_tui.reproduction.model import Plan
from mlx_tui.reproduction.repairs.failure import Failure, repaired

_GONE = (InstallCause.IMAGE, InstallCause.NETWORK, InstallCause.MISSING_FILE)


def python_environment(plan: Plan, failure: Failure) -> Plan | None:
    """A Python environment in place of a container whose image can neither be pulled nor built."""
    outside = failure.outside
    if plan.container is None or outside is None or failure.install is None or failure.install.cause not in _GONE:
        return None
    changed = replace(
        plan,
        container=None,
        isolation=outside.isolation,
        environment=outside.environment,
        deviations=tuple(item for item in outside.deviations if item.subject != "container"),
    )
    did = f"a Python environment, from {outside.environment.source}, in place of the image {plan.container.image}"
    return repaired(changed, "Python environment", did, failure.install.message)
