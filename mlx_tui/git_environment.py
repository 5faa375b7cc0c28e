"""The environment in which git runs: the one place that takes a hostile repository's power over it.

A repository's own configuration and attributes can name programs: hooks, filters, fsmonitor, credential helpers.
Nothing of the user's or the system's configuration is read, and `_SETTINGS`, which have the highest precedence, are
given on every call.
"""

import os
from collections.abc import Mapping
from pathlib import Path

_SETTINGS = {
    "core.attributesFile": os.devnull,
    "core.autocrlf": "false",
    "core.excludesFile": os.devnull,
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "credential.helper": "",
    "filter.lfs.clean": "",
    "filter.lfs.process": "",
    "filter.lfs.required": "false",
    "filter.lfs.smudge": "",
    "gc.auto": "0",
    "log.showSignature": "false",
    "maintenance.auto": "false",
    "safe.directory": "*",
    "submodule.recurse": "false",
}
_VARIABLES = {
    # What git starts to serve a local repository is given none of our settings, but reads the global file too, and
    # refuses a folder that another user owns unless that says otherwise.
    "GIT_CONFIG_GLOBAL": str(Path(__file__).with_name("gitconfig")),
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_ASKPASS": "",
    "GIT_LFS_SKIP_SMUDGE": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
}


def git_variables(settings: Mapping[str, str] | None = None, protocols: str = "") -> dict[str, str]:
    """The variables that harden git; to be set over whatever else its environment holds.

    Args:
        settings: Configuration that the caller needs beside the common one.
        protocols: By which git may transport, separated by colons; none by default.
    """
    given = {**_SETTINGS, **(settings or {})}
    variables = {**_VARIABLES, "GIT_ALLOW_PROTOCOL": protocols, "GIT_CONFIG_COUNT": str(len(given))}
    for number, (key, value) in enumerate(given.items()):
        variables[f"GIT_CONFIG_KEY_{number}"] = key
        variables[f"GIT_CONFIG_VALUE_{number}"] = value
    return variables


def git_environment(settings: Mapping[str, str] | None = None, protocols: str = "") -> dict[str, str]:
    """A whole environment for git on what lies here: hardened, and without anything else of the user's.

    Args:
        settings: Configuration that the caller needs beside the common one.
        protocols: By which git may transport, separated by colons; none by default.
    """
    base = {"PATH": os.environ.get("PATH", os.defpath), "HOME": os.devnull, "LC_ALL": "C.UTF-8"}
    return {**base, **git_variables(settings, protocols)}
