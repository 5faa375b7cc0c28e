"""Whether two attempts were asked to do the same.

A plan on disk changes while it runs: what the environment's build decided and what was repaired is written into it. So
the key is made when the attempt is, and kept in its state.
"""

import hashlib

import msgspec

from mlx_tui.reproduction.model import Plan


def plan_key(plan: Plan) -> str:
    """A short text that is the same for plans that run the same commit in the same way.

    What was foreseen (needs, deviations) and why the command was chosen don't count.
    """
    asked: tuple[object, ...] = (
        plan.repo,
        plan.commit,
        plan.candidate.steps,
        plan.environment,
        plan.isolation,
        plan.network,
        plan.timeout,
        plan.memory,
        plan.repair,
        plan.variables,
        plan.edits,
    )
    if plan.container is not None:
        asked += ((plan.container.image, plan.container.dockerfile),)
    return hashlib.sha256(msgspec.json.encode(asked)).hexdigest()[:16]
