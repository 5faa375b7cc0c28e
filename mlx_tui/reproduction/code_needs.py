"""What a source file asks for when it runs: files that it opens, hosts, credentials, hardware."""

import ast
import re
from dataclasses import dataclass

from mlx_tui.reproduction.code_index import CodeFile
from mlx_tui.reproduction.constant_text import called_name, constant_text, constants_of, dotted_name
from mlx_tui.reproduction.model import NeedKind

_READERS = frozenset(
    """read_csv read_parquet read_excel read_json read_pickle read_table read_feather read_hdf read_orc read_sas
    read_stata read_fwf scan_csv scan_parquet loadtxt genfromtxt fromfile imread ImageFolder DatasetFolder listdir
    scandir flow_from_directory image_dataset_from_directory load_from_disk load_workbook loadmat load_svmlight_file
    read_text read_bytes load_dataset_csv from_csv""".split()  # noqa: SIM905
)
_LOADERS = frozenset({"np.load", "numpy.load", "joblib.load", "torch.load", "pickle.load", "h5py.File", "sf.read"})
_WRITERS = frozenset(
    """to_csv to_parquet to_excel to_json to_pickle to_hdf to_feather savefig imwrite dump save savez save_model mkdir
    makedirs urlretrieve download write_text write_bytes copy copyfile copytree extractall savetxt to_file""".split()  # noqa: SIM905
)
_PATH_KEYWORDS = ("filepath_or_buffer", "path", "io", "file", "filename", "fname", "root", "directory", "filepath", "f")
_DATA_FILE = re.compile(
    r"\.(csv|tsv|parquet|pq|xlsx?|feather|h5|hdf5?|npz|npy|pkl|pickle|joblib|jsonl?|arff|libsvm|mat|zip|gz|tar|db|txt|dat)$",
    re.IGNORECASE,
)
_URL = re.compile(
    r"^(https?|s3a?|gs|wasbs?|abfss?|hdfs|ftp|postgresql|mysql|mongodb)(?:\+\w+)?://(?:[^/\s@]*@)?([^/\s:?#]*)",
    re.IGNORECASE,
)
_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSW|PWD|CREDENTIAL|USERNAME|_USER\b", re.IGNORECASE)
# Calls that fetch data from a host that their library knows.
_FETCHES = (
    (
        re.compile(r"(^|\.)fetch_(openml|california_housing|20newsgroups|covtype|lfw|kddcup|olivetti|rcv1|ucirepo)"),
        "data host of {}",
    ),
    (re.compile(r"\bdatasets\.\w+\.load_data$"), "storage.googleapis.com"),
    (re.compile(r"^tfds\.load$|tensorflow_datasets\.load$"), "tensorflow.org"),
    (re.compile(r"(^|\.)from_pretrained$|^load_dataset$|datasets\.load_dataset$|snapshot_download$"), "huggingface.co"),
    (re.compile(r"(^|\.)load_dataset$"), "data host of {}"),
    (re.compile(r"^(gdown|wget)\.download"), "data host of {}"),
    (re.compile(r"^(yf|yfinance)\.download"), "query1.finance.yahoo.com"),
    (re.compile(r"^openml\.|kagglehub\.|^kaggle\.api"), "data host of {}"),
)
_CLOUDS = {
    "boto3": "AWS credentials", "s3fs": "AWS credentials", "google.cloud": "Google Cloud credentials",
    "gcsfs": "Google Cloud credentials", "azure": "Azure credentials", "azureml": "Azure ML workspace",
    "openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY", "snowflake": "Snowflake credentials",
    "databricks": "Databricks workspace", "kaggle": "Kaggle API token", "databricks_cli": "Databricks workspace",
}  # fmt: skip
_GPU = re.compile(
    r"""torch\.device\(\s*['"]cuda|\.cuda\(\)|\.to\(\s*['"]cuda|accelerator\s*=\s*['"](?:gpu|cuda)|\bgpus\s*=\s*[1-9\[-]"""
    r"""|device\s*=\s*['"]cuda|tree_method\s*=\s*['"]gpu_hist|task_type\s*=\s*['"]GPU"""
)
_GPU_OPTIONAL = re.compile(r"is_available\(|list_physical_devices|device_count\(")


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that a source asks for.

    Attributes:
        kind: What sort of thing.
        what: Its name; for data and paths as the source writes it.
        line: From 1.
        certain: The source fails without it; otherwise it may do without.
    """

    kind: NeedKind
    what: str
    line: int
    certain: bool = True


@dataclass(frozen=True, slots=True)
class CodeNeeds:
    """What a source asks for, and the paths that it writes itself."""

    asked: tuple[Asked, ...]
    written: frozenset[str]


def read_code_needs(file: CodeFile) -> CodeNeeds:
    """Reads what a file asks for; nothing where it doesn't parse."""
    tree = file.source.tree
    if tree is None:
        return CodeNeeds((), frozenset())
    names = constants_of(tree)
    asked: list[Asked] = []
    written: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found, wrote = _of_call(node, names)
            asked += found
            written |= wrote
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            name = constant_text(node.slice, names)
            if name and dotted_name(node.value) in ("os.environ", "environ"):
                asked.append(Asked(NeedKind.CREDENTIAL, name, node.lineno))
    asked += _of_imports(file)
    gpu = _GPU.search(file.text)
    if gpu:
        line = file.text.count("\n", 0, gpu.start()) + 1
        asked.append(Asked(NeedKind.HARDWARE, "GPU", line, not _GPU_OPTIONAL.search(file.text)))
    return CodeNeeds(tuple(asked), frozenset(written))


def _of_imports(file: CodeFile) -> list[Asked]:
    found: list[Asked] = []
    for item in file.source.imports:
        for module, what in _CLOUDS.items():
            if (
                not item.level
                and not item.submodule
                and (item.module == module or item.module.startswith(f"{module}."))
            ):
                found.append(Asked(NeedKind.CREDENTIAL, what, item.line, certain=False))
    return found


def _of_call(call: ast.Call, names: dict[str, str]) -> tuple[list[Asked], set[str]]:
    dotted = called_name(call)
    last = dotted.rsplit(".", 1)[-1]
    if last in ("getenv", "get") and ("environ" in dotted or last == "getenv"):
        return _of_getenv(call, names), set()
    found = [
        Asked(NeedKind.HOST, host.format(dotted), call.lineno) for pattern, host in _FETCHES if pattern.search(dotted)
    ][:1]
    path = _path_argument(call, names)
    if last in _WRITERS or (last == "open" and _writes(call)):
        # `to_csv(path)`, but `dump(object, path)` and `copy(from, to)`.
        targets = [path, constant_text(call.args[1], names) if len(call.args) > 1 and last != "open" else None]
        return found + _of_texts(call, names), {target for target in targets if target}
    if path is None:
        return found + _of_texts(call, names), set()
    if last in _READERS or dotted in _LOADERS or last == "open":
        found.append(_opened(path, call.lineno))
    elif last == "add_argument":
        default = next((constant_text(item.value, names) for item in call.keywords if item.arg == "default"), None)
        if default and _DATA_FILE.search(default):
            found.append(_opened(default, call.lineno))
    else:
        found += _of_texts(call, names)
    return found, set()


def _of_getenv(call: ast.Call, names: dict[str, str]) -> list[Asked]:
    name = constant_text(call.args[0], names) if call.args else None
    if not name or not name.isidentifier() or len(call.args) > 1 or call.keywords:
        return []
    return [Asked(NeedKind.CREDENTIAL, name, call.lineno, certain=False)] if _SECRET.search(name) else []


def _path_argument(call: ast.Call, names: dict[str, str]) -> str | None:
    keywords = {item.arg: item.value for item in call.keywords}
    node = call.args[0] if call.args else next((keywords[key] for key in _PATH_KEYWORDS if key in keywords), None)
    if isinstance(call.func, ast.Attribute) and not call.args and call.func.attr in ("open", "read_text", "read_bytes"):
        node = call.func.value
    return constant_text(node, names)


def _writes(call: ast.Call) -> bool:
    mode = (
        call.args[1] if len(call.args) > 1 else next((item.value for item in call.keywords if item.arg == "mode"), None)
    )
    return isinstance(mode, ast.Constant) and isinstance(mode.value, str) and bool(set(mode.value) & set("wax"))


def _opened(path: str, line: int) -> Asked:
    url = _URL.match(path)
    if url:
        return Asked(NeedKind.HOST, _host(url), line)
    absolute = path.startswith(("/", "~")) or re.match(r"^[A-Za-z]:[\\/]", path)
    return Asked(NeedKind.PATH if absolute else NeedKind.DATA, path, line)


def _of_texts(call: ast.Call, names: dict[str, str]) -> list[Asked]:
    """Hosts among a call's own arguments, but the tracking server, which is redirected."""
    if called_name(call).endswith(
        ("set_tracking_uri", "set_registry_uri", "print", "info", "warning", "error", "debug")
    ):
        return []
    found: list[Asked] = []
    for item in call.keywords:
        if item.arg in ("tracking_uri", "registry_uri", "help", "description"):
            return []
    for argument in [*call.args, *(item.value for item in call.keywords)]:
        url = _URL.match(constant_text(argument, names) or "")
        if url and _host(url):
            found.append(Asked(NeedKind.HOST, _host(url), call.lineno))
    return found


def _host(url: re.Match[str]) -> str:
    """The host, or the bucket with its scheme; never the user and password that a URL may hold."""
    return url[2] if url[1].lower().startswith("http") else f"{url[1].lower()}://{url[2]}"
