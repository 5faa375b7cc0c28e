"""From an exception or a line of a log to the cause of a failure, as the codebook defines the causes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mlx_tui.reproduction.model import Cause
from mlx_tui.reproduction.tracebacks import Traceback


@dataclass(frozen=True, slots=True)
class ProjectNames:
    """Names that tell the project's own code from installed libraries.

    Attributes:
        installed: Top-level modules in the attempt's environment.
        local: Top-level modules and packages of the repository.
        defined: Functions and classes that the repository defines.
        root: The working copy's folder; empty where it isn't known.
    """

    installed: frozenset[str] = frozenset()
    local: frozenset[str] = frozenset()
    defined: frozenset[str] = frozenset()
    root: str = ""


@dataclass(frozen=True, slots=True)
class _Symptom:
    cause: Cause
    pattern: re.Pattern[str]


def _symptom(cause: Cause, *patterns: str) -> _Symptom:
    return _Symptom(cause, re.compile("|".join(patterns)))


# In order: the first that fits `<exception>: <message>` decides. What is said in so many words comes before what is
# told by the exception's name.
_SYMPTOMS = (
    _symptom(Cause.DISK_FULL, r"\[Errno 28\]", r"No space left on device", r"disk is full", r"Disk quota exceeded"),
    _symptom(
        Cause.OUT_OF_MEMORY,
        *(r"MemoryError\b", r"[Oo]ut of memory", r"OutOfMemory", r"Cannot allocate memory", r"std::bad_alloc"),
        r"Unable to allocate \d",
    ),
    _symptom(
        Cause.HARDWARE,
        *(r"not compiled with CUDA", r"No CUDA GPUs", r"NVIDIA driver", r"no CUDA-capable device", r"CUDA error"),
        *(r"libcuda", r"CUDA driver", r"No supported gpu", r"GPU (?:device )?not found", r"Cannot find .*\bGPU"),
        *(r"Attempting to deserialize object on a CUDA device", r"`MisconfigurationException`.*\bgpu", r"nvidia-smi"),
        r"(?i:\bno gpu|gpu.{0,30}(?:not available|is required)|cuda.{0,20}(?:not available|unavailable|is required))",
    ),
    _symptom(
        Cause.MISSING_CREDENTIALS,
        *(r"NoCredentials", r"CredentialsError", r"PartialCredentials", r"[Uu]nable to locate credentials"),
        *(r"default credentials were not found", r"\b401\b(?:.{0,40})(?:Unauthorized|Client Error)?", r"403 Forbidden"),
        *(
            r"HTTP Error 403",
            r"\b403 Client Error",
            r"AccessDenied",
            r"Unauthorized",
            r"[Aa]uthentication (?:failed|required)",
        ),
        *(
            r"api_key not configured",
            r"(?i:api[ _-]?key.{0,60}(?:not|missing|must|required|invalid|set)\b)",
            r"kaggle\.json",
        ),
        *(
            r"InvalidAccessKeyId",
            r"SignatureDoesNotMatch",
            r"could not read Username",
            r"(?i:no (?:valid )?credentials)",
        ),
        r"KeyError: '(?:\w*(?:TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|ACCESS_KEY|CREDENTIALS|USERNAME)\w*)'",
    ),
    _symptom(Cause.MISSING_DATA, r"HTTP Error 40[4-9]", r"\b404 Client Error", r"NoSuchBucket", r"NoSuchKey"),
    _symptom(
        Cause.NETWORK,
        *(
            r"Connection(?:Refused|Reset|Aborted)?Error",
            r"ConnectError",
            r"ConnectTimeout",
            r"ReadTimeout\b",
            r"URLError",
        ),
        *(
            r"gaierror",
            r"MaxRetryError",
            r"NewConnectionError",
            r"Name or service not known",
            r"EndpointConnectionError",
        ),
        *(r"[Nn]ame resolution", r"[Cc]ould not resolve host", r"Network is unreachable", r"Connection refused"),
        *(
            r"No route to host",
            r"SSLError",
            r"SSL: ",
            r"ProxyError",
            r"Tunnel connection failed",
            r"ServerSelectionTimeout",
        ),
        *(r"[Cc]ould not connect to server", r"HTTP Error 5\d\d", r"\b5\d\d Server Error", r"NoBrokersAvailable"),
        *(r"Could not translate host name", r"Can't connect to (?:local )?\w* ?server", r"Max retries exceeded"),
        r"RemoteDisconnected",
    ),
    _symptom(Cause.MISSING_DATA, r"invalid load key, 'v'", r"git-lfs"),
    _symptom(Cause.API_CHANGE, r"UntrustedTypes", r"[Uu]ntrusted types", r"Can't locate revision"),
    _symptom(
        Cause.API_CHANGE,
        r"module '\w[\w.]*' has no attribute",
        r"was (?:deprecated|removed) in (?:\w+ )?v?\d",
        r"has been removed (?:in|from|as of)",
    ),
    _symptom(
        Cause.ENVIRONMENT,
        *(r"Java gateway process exited", r"JAVA_HOME is not set", r"Unable to (?:find|locate) (?:a )?Java"),
        *(r"failed to execute .*dot\b.*make sure the Graphviz", r"Graphviz's executables not found"),
    ),
    _symptom(
        Cause.MISSING_DATA, r"No such file or directory", r"FileNotFoundError", r"NoSuchFile", r"does not exist: '"
    ),
)
_NO_MODULE = re.compile(r"No module named '?(?P<name>[\w.]+)'?")
_CANNOT_IMPORT = re.compile(
    r"cannot import name '?(?P<name>\w+)'? from (?:partially initialized module )?'?(?P<module>[\w.]+)"
)
_MODULE_ATTRIBUTE = re.compile(r"module '(?P<module>\w[\w.]*)' has no attribute")
_CALL = re.compile(
    r"^(?:(?P<owner>\w+)\.)?(?P<name>[\w.<>]+)\(\) (?:got an unexpected keyword|missing \d|takes \d|got multiple|"
    r"takes no|got some positional-only|takes from)"
)
LAST_LINES = 2000
_LIBRARY = ("site-packages", "dist-packages")
_INTERFACE_ERRORS = frozenset(["AttributeError", "TypeError", "ImportError"])
_MISSING_SCRIPT = re.compile(r"can't open file '[^']+'")
_MISSING_FILE = re.compile(r"^[^:]+: (?:.*: )?No such file or directory$")
_SHELL_MISSING_PROGRAM = re.compile(
    r"^(?:/bin/)?(?:ba)?sh: (?:line )?(?:\d+: )?(?P<name>[^:\s]+): (?:command )?not found"
)


def cause_of(traceback: Traceback, names: ProjectNames) -> Cause:
    """The cause that an exception tells; `code` where it tells none."""
    text = f"{traceback.exception}: {traceback.message}"
    if match := _NO_MODULE.search(text) if traceback.kind in {"ModuleNotFoundError", "ImportError"} else None:
        return _missing_module(match["name"], names)
    if _missing_program(traceback):
        return Cause.ENVIRONMENT
    if traceback.kind in _INTERFACE_ERRORS:
        return _interface(traceback, names)
    return _symptom_of(text) or Cause.CODE


def cause_of_line(line: str) -> Cause | None:
    """The cause that a single line tells which belongs to no traceback; None for most lines."""
    if _SHELL_MISSING_PROGRAM.match(line):
        return Cause.ENVIRONMENT
    if _NO_MODULE.search(line):
        return Cause.MISSING_MODULE
    if _MISSING_SCRIPT.search(line):
        return Cause.NO_ENTRY_POINT
    if _MISSING_FILE.match(line):
        return Cause.MISSING_DATA
    return _symptom_of(line)


def _symptom_of(text: str) -> Cause | None:
    return next((symptom.cause for symptom in _SYMPTOMS if symptom.pattern.search(text)), None)


def _missing_module(module: str, names: ProjectNames) -> Cause:
    """A submodule that an installed library lacks was moved or removed there."""
    top, _, rest = module.partition(".")
    return Cause.API_CHANGE if rest and top in names.installed and top not in names.local else Cause.MISSING_MODULE


def _missing_program(traceback: Traceback) -> bool:
    in_subprocess = any(frame.path.endswith("subprocess.py") for frame in traceback.frames[-2:])
    return traceback.kind in {"FileNotFoundError", "PermissionError"} and in_subprocess


def _interface(traceback: Traceback, names: ProjectNames) -> Cause:
    """AttributeError, TypeError and ImportError: of a library's interface, or of the project's own."""
    message = traceback.message
    if match := _CANNOT_IMPORT.search(message):
        return Cause.CODE if _top(match["module"]) in names.local else Cause.API_CHANGE
    if match := _MODULE_ATTRIBUTE.search(message):
        return Cause.CODE if _top(match["module"]) in names.local else Cause.API_CHANGE
    if match := _CALL.search(message):
        called = match["owner"] or match["name"].rpartition(".")[2]
        parts = {*match["name"].split("."), called}
        return Cause.CODE if parts & (names.defined | {"<lambda>"}) else Cause.API_CHANGE
    if in_library(traceback.frames[-1].path if traceback.frames else ""):
        return Cause.API_CHANGE
    cause = _symptom_of(f"{traceback.exception}: {message}")
    return Cause.CODE if cause is None else cause


def _top(module: str) -> str:
    return module.partition(".")[0]


def in_library(path: str) -> bool:
    """Whether a frame's file belongs to an installed library."""
    return any(f"/{folder}/" in path for folder in _LIBRARY)


def last_telling_line(lines: Sequence[str]) -> tuple[int, Cause] | None:
    """The last line that tells a cause by itself, among the last `LAST_LINES`."""
    for number in range(len(lines) - 1, max(-1, len(lines) - 1 - LAST_LINES), -1):
        cause = cause_of_line(lines[number])
        if cause is not None:
            return number, cause
    return None
