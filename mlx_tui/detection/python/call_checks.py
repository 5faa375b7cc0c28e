"""The named checks over calls: what the declared kinds of rules can't say (`kind = "check"` in the codebook)."""

from collections.abc import Callable, Iterator

from mlx_tui.detection.python.hits import Context, Hit, ResolvedCall
from mlx_tui.detection.python.seed_checks import seeded
from mlx_tui.detection.python.source_checks import artifact_location, logs_source
from mlx_tui.detection.python.tag_checks import nested_by_tag, records_commit, tagged

CallCheck = Callable[[Context, ResolvedCall, str, str], Iterator[Hit]]
"""Takes the context, the call, the feature's id and the rule's id."""

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
