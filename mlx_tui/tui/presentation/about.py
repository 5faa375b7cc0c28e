"""What a scan says of a repository beside its findings: MLflow's versions, the baseline, and what couldn't be read."""

from mlx_tui.detection.mlflow_versions import describe_versions
from mlx_tui.detection.model import RepositoryScan

Line = tuple[str, str]
"""Text, raw, and its role."""


def about_lines(scan: RepositoryScan) -> list[Line]:
    """Says which versions of MLflow it can run on and why, the baseline's answer, and every anomaly.

    Args:
        scan: Of the repository.
    """
    baseline = "log_param, autolog or log_metric stands" if scan.baseline_substring else "none of its words stands"
    anomalies = [(f"{item.path}: {item.message} ({item.kind})", "warn") for item in scan.anomalies]
    return [
        ("Versions of MLflow on which it can run", "title"),
        *((line, "") for line in describe_versions(scan.versions).split("\n")),
        ("", ""),
        ("Substring baseline", "title"),
        (f"{'present' if scan.baseline_substring else 'absent'}: {baseline} in its .py and .ipynb files", ""),
        ("", ""),
        (f"Anomalies: {len(anomalies) or 'none'}", "title"),
        *anomalies,
        ("", ""),
        (f"Scanned {scan.files} files at {scan.commit} with codebook {scan.codebook}", "muted"),
    ]
