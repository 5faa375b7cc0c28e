"""What a scan says of a repository beside its findings: readiness, versions of MLflow, baseline, anomalies."""

from mlx_tui.counted import counted
from mlx_tui.detection.derived import Readiness
from mlx_tui.detection.mlflow_versions import describe_versions
from mlx_tui.detection.model import RepositoryScan
from mlx_tui.tui.presentation.readiness_text import readiness_lines

Line = tuple[str, str]
"""Text, raw, and its role."""


def about_lines(scan: RepositoryScan, readiness: Readiness) -> list[Line]:
    """Says how ready it is, on which versions of MLflow it can run and why, the baseline's answer, and every anomaly.

    Args:
        scan: Of the repository.
        readiness: After judgements.
    """
    present, has = ("present", "contain") if scan.baseline_substring else ("absent", "contain none of")
    anomalies = [(f"{item.path}: {item.message} ({item.kind})", "warn") for item in scan.anomalies]
    return [
        *readiness_lines(readiness),
        ("", ""),
        ("Versions of MLflow on which it can run", "title"),
        *((line, "") for line in describe_versions(scan.versions).split("\n")),
        ("", ""),
        ("Substring baseline", "title"),
        (f"{present}: its .py and .ipynb files {has} log_param, autolog or log_metric", ""),
        ("", ""),
        (f"Anomalies: {len(anomalies) or 'none'}", "title"),
        *anomalies,
        ("", ""),
        (f"Scanned {counted(scan.files, 'file')} at {scan.commit} with codebook {scan.codebook}", "muted"),
    ]
