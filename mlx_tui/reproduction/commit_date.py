"""When the code of a clone was written."""

import os
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

_COMMITTER = re.compile(rb"^committer .*> (\d+) [+-]\d{4}$", re.MULTILINE)


def commit_date(clone: Path, commit: str) -> datetime | None:
    """Reads a commit's committer date, in UTC; None where the clone doesn't have the commit.

    The commit object itself is read: `git log` would obey the repository's configuration.
    """
    variables = {
        "PATH": os.environ.get("PATH", os.defpath),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": "*",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
    }
    if not re.fullmatch(r"[0-9a-f]{7,64}|HEAD", commit):
        return None
    command = ["git", "-C", str(clone), "cat-file", "commit", commit]
    try:
        done = subprocess.run(command, env=variables, capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = _COMMITTER.search(done.stdout)
    return datetime.fromtimestamp(int(match[1]), UTC) if match and len(match[1]) < 12 else None
