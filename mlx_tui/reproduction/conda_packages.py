"""conda environment files translated to pip requirements: conda can't be assumed to be there."""

import re
from dataclasses import dataclass

import yaml

from mlx_tui.formats.yaml_lines import compose, entries, get, items, scalar
from mlx_tui.reproduction.model import Deviation

# Packages that pip knows under another name.
_RENAMED = {
    "blas": "", "dask-core": "dask", "docker-py": "docker", "ruamel_yaml": "ruamel.yaml",
    "graphviz": "", "jupyter_client": "jupyter-client",
    "matplotlib-base": "matplotlib",
    "opencv": "opencv-python-headless", "py-opencv": "opencv-python-headless", "py-xgboost": "xgboost",
    "py-xgboost-cpu": "xgboost", "pytables": "tables", "python-graphviz": "graphviz", "pytorch": "torch",
    "pytorch-cpu": "torch", "pytorch-gpu": "torch", "tensorflow-base": "tensorflow", "tensorflow-gpu": "tensorflow",
    "tensorflow-mkl": "tensorflow", "torchvision-cpu": "torchvision", "typing_extensions": "typing-extensions",
    "msgpack-python": "msgpack", "brotlipy": "brotli", "libmamba": "", "pyqt": "pyqt5", "lightgbm-cpu": "lightgbm",
}  # fmt: skip

# Programs and libraries of the system that conda packages and pip doesn't.
_NOT_PYTHON = re.compile(
    r"^(_|lib|mkl|gcc|gxx|ld_impl|openssl|ca-certificates|certifi-|zlib|bzip2|xz|sqlite|tk|readline|ncurses|cuda|cudnn|"
    r"nccl|intel-openmp|llvm-openmp|vc|vs20|ucrt|pip$|python$|python_abi|nodejs|r-|git$|make$|cmake$|ffmpeg|openjdk|icu|"
    r"jpeg|freetype|glib|gst|qt-main|qt$|hdf5|krb5|lz4-c|lcms2|openh264|openjpeg|x264|zstd|yaml$|tbb|unixodbc|pytorch-cuda|"
    r"pytorch-mutex|cpuonly|magma|compilers|binutils|kernel-headers|sysroot|expat|fontconfig|dbus|wheel$|m2w64|winpty|"
    r"console_shortcut|menuinst|pandoc|curl|wget|unzip|bash|coreutils|mamba|conda)"
)
# `conda env export` tells builds: `py38h06a4308_0` of a Python package, `h746ee38_0` of a library of the system.
_OF_NO_PYTHON = re.compile(r"^=?=?\d[\w.]*=h[0-9a-f]{7,}_\d+$")
_SPEC = re.compile(r"^(?:[\w./-]+::)?([A-Za-z0-9][\w.-]*)\s*(?:\[.*\])?\s*(.*)$")


@dataclass(frozen=True, slots=True)
class CondaTranslation:
    """A conda or python_env file as pip would read it.

    Attributes:
        python: The interpreter asked for; empty where none is.
        requirements: pip requirements and options, in order.
        deviations: What the translation changed.
    """

    python: str
    requirements: tuple[str, ...]
    deviations: tuple[Deviation, ...]


def translate_environment_file(text: str) -> CondaTranslation | None:
    """Translates a conda environment file, or reads MLflow's python_env file, which holds pip requirements already.

    Returns:
        None where the text is YAML and neither.

    Raises:
        YamlError: The text isn't YAML.
    """
    root = compose(text)
    keys = {entry.key for entry in entries(root)}
    if not keys & {"dependencies", "python"}:
        return None
    if "python" in keys or "build_dependencies" in keys:
        nodes = [*items(get(root, "build_dependencies")), *items(get(root, "dependencies"))]
        lines = tuple(line for node in nodes if (line := (scalar(node) or "").strip()))
        return CondaTranslation(scalar(get(root, "python")) or "", lines, ())
    return _translate([*items(get(root, "dependencies"))])


def _translate(nodes: list[yaml.Node]) -> CondaTranslation:
    python, plain = "", 0
    requirements: list[str] = []
    deviations: list[Deviation] = []
    dropped: list[str] = []
    for node in nodes:
        text = scalar(node)
        if text is None:
            pip = [scalar(item) for item in items(get(node, "pip"))]
            requirements += [line.strip() for line in pip if line and line.strip()]
            continue
        match = _SPEC.match(text.strip())
        name = match[1].lower() if match else ""
        if match and name == "python":
            python = match[2].strip()
        elif not match or _is_of_system(name, match[2]):
            dropped += [text.strip()] if name not in ("pip", "wheel") else []
        else:
            used = _RENAMED.get(name, name) + _version(match[2])
            requirements.append(used)
            plain += 1
            if name in _RENAMED:
                deviations.append(Deviation("package", text.strip(), used, "its name on the package index"))
    if dropped:
        shown = ", ".join(dropped[:8]) + (f" and {len(dropped) - 8} more" if len(dropped) > 8 else "")
        deviations.append(Deviation("conda packages", shown, "left out", "not Python packages of the package index"))
    if plain:
        deviations.insert(0, Deviation("environment", "conda", f"pip, {plain} names translated", "conda isn't used"))
    return CondaTranslation(python, tuple(requirements), tuple(deviations))


def _is_of_system(name: str, rest: str) -> bool:
    """Whether a conda package is no Python package; a metapackage such as tensorflow-gpu is one, whatever its build."""
    if name in _RENAMED:
        return not _RENAMED[name]
    return bool(_NOT_PYTHON.match(name) or _OF_NO_PYTHON.match(rest.replace(" ", "")))


def _version(rest: str) -> str:
    """A conda version specification as PEP 440 writes it; empty where it can't be."""
    text = rest.strip()
    spaced = re.match(r"^(\d[\w.]*)\s+\S+$", text)
    if spaced:
        return f"=={spaced[1]}"
    text = text.replace(" ", "")
    if not text or text == "*" or "|" in text:
        return ""
    exact = re.match(r"^(={0,2})(\d[\w.]*?)(\.?\*)?(?:=([^,]*))?$", text)
    if exact is None:
        return text if re.match(r"^(?:[<>!~]=?|==)[\w.*]+(?:,(?:[<>!~]=?|==)[\w.*]+)*$", text) else ""
    operator, version, star, build = exact.groups()
    # A single `=` takes every version that begins so, unless a build pins it or it has all three parts.
    prefix = star or (operator != "==" and build is None and version.count(".") < 2)
    return f"=={version}.*" if prefix else f"=={version}"
