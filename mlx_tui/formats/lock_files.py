"""Lock files: which they are, and the version of one package in them, found without building their whole tree."""

import re

from mlx_tui.formats.packages import Package

NAMES = frozenset(
    [
        "poetry.lock",
        "pipfile.lock",
        "uv.lock",
        "pdm.lock",
        "pylock.toml",
        "conda-lock.yml",
        "conda-lock.yaml",
        "pixi.lock",
        "renv.lock",
    ]
)


def is_lock_file(name: str) -> bool:
    """Whether a file's name (in any case) is a lock file's."""
    name = name.lower()
    return name in NAMES or bool(re.fullmatch(r"pylock\.[\w-]+\.toml", name))


def locked_version(text: str, package: str) -> Package | None:
    """The version to which a lock file resolves a package.

    Args:
        text: The lock file: TOML (`name = "x"`, then `version = "1"`), JSON (`"x": {… "version": "==1"`) or YAML
            (`name: x`, then `version: 1`; or a file's URL `/x-1-py3…`).
        package: The normalised name.
    """
    if package.partition("-")[0] not in text:
        return None
    name = re.escape(package).replace(r"\-", "[-_.]")
    for pattern in (
        rf'name = "{name}"[ \t]*\n(?:[^\[\n][^\n]*\n){{0,40}}?\s*version = "([^"]+)"',
        rf'"{name}"\s*:\s*\{{[^{{}}]*?"[vV]ersion"\s*:\s*"=*([^"]+)"',
        rf"name: {name}[ \t]*\n(?:\s+[^\n]*\n){{0,4}}?\s*version: ['\"]?([^'\"\s]+)",
        rf"version: ['\"]?([^'\"\s]+)['\"]?[ \t]*\n\s*name: {name}[ \t]*\n",
        rf"/{name}-(\d[\w.]*)-(?:py|[\w]+_\d)[^\s/]*\.(?:whl|conda|tar\.bz2)",
    ):
        if match := re.search(pattern, text):
            return Package(package, match[1], text.count("\n", 0, match.start()) + 1, match[0].strip()[:200])
    return None
