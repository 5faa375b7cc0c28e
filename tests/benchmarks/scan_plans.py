"""Which measurements are made, and over which files."""

import argparse
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from scan_measuring import Measured, measure

SEMGREP_CALLS = (
    *("log_param", "log_params", "log_metric", "log_metrics", "log_artifact", "autolog", "set_experiment"),
    *("start_run", "set_tracking_uri", "register_model"),
)


def work_trees(folders: list[Path]) -> list[Path]:
    candidates = [path for folder in folders for path in (folder, *sorted(folder.iterdir()))]
    return [path.resolve() for path in candidates if (path / ".git").exists()]


def measurements(arguments: argparse.Namespace, trees: list[Path], scratch: Path) -> dict[str, Callable[[], Measured]]:
    """What is measured, by name, in the order of a round."""
    given = {"trees": [str(tree) for tree in trees], "jobs": arguments.jobs, "repositories": arguments.repositories}
    listing = scratch / "files"
    listing.write_bytes(b"\0".join(os.fsencode(path) for path in scanned_files(trees)))
    plans: dict[str, Callable[[], Measured]] = {
        "plain read": lambda: measure("read", {"listing": str(listing)}),
        "ast.parse alone": lambda: measure("parse", {"listing": str(listing)}),
        "scan, cold": lambda: measure("cold", given),
    }
    if shutil.which("rg"):
        command = ["rg", "-l", "--no-ignore", "--hidden", "--glob", "!.git", "mlflow", *map(str, trees)]
        plans["ripgrep"] = lambda: measure("command", {"command": command, "ok": [0, 1, 2]})
    if shutil.which("semgrep"):
        rules = scratch / "rules.json"
        rules.write_text(json.dumps(semgrep_rules()))
        options = ["--config", str(rules), "--metrics", "off", "--disable-version-check", "--quiet", "--no-git-ignore"]
        options += ["--x-ignore-semgrepignore-files"]  # else it leaves tests out
        limits = ["--jobs", str(arguments.jobs), "--include", "*.py"]
        command_line = ["semgrep", "scan", *options, *limits, *map(str, trees)]
        plans["semgrep"] = lambda: measure("command", {"command": command_line, "ok": [0, 1, 2, 3]})
    study = scratch / "study"
    measure("prepare", {**given, "study": str(study)})
    plans["rescan, warm"] = lambda: measure("warm", {**given, "study": str(study)})
    return plans


def semgrep_rules() -> dict[str, object]:
    """Ten calls as rules: what semgrep can say of them, on `.py` files alone."""
    return {
        "rules": [
            {
                "id": name.replace("_", "-"),
                "languages": ["python"],
                "severity": "INFO",
                "message": name,
                "pattern-either": [
                    {"pattern": f"mlflow.{name}(...)"},
                    {"pattern": f"mlflow.$FLAVOR.{name}(...)"},
                    {"pattern": f"mlflow.tracking.MlflowClient(...).{name}(...)"},
                ],
            }
            for name in SEMGREP_CALLS
        ]
    }


def scanned_files(trees: list[Path]) -> list[str]:
    """The files that the scan opens."""
    from mlx_tui.corpus.git import head_commit
    from mlx_tui.detection.file_matchers import matchers_of
    from mlx_tui.detection.repository import open_repository
    from mlx_tui.detection.source import size_limit

    found: list[str] = []
    for tree in trees:
        view, _ = open_repository(tree, head_commit(tree))
        for path in view.paths:
            wanted = path.endswith((".py", ".ipynb")) or bool(matchers_of(path))
            if wanted and 0 < view.size(path) <= size_limit(path):
                found.append(f"{tree}/{path}")
        view.close()
    return found
