"""The class of a tracking URI (codebook, row `tracking.configured` and ground rule 5)."""

import ipaddress
import re

HOLE = "\x00"
"""Stands in a URI for a part that can't be computed statically."""

SHARED = frozenset({"remote_server", "service_host", "database", "managed"})
"""The classes of URIs at which several people can see the same runs."""

_LONGEST = 4_000
"""So much of a text is read as a URI: none is longer, and a hostile one opens ten thousand brackets."""
_DEFAULT = re.compile(r"\$\{[A-Za-z_]\w*:?[-=]([^${}]*)\}")
_PLACEHOLDER = re.compile(r"\$\{\{.*?\}\}|\$\{[^}]*\}|\$\([^)]*\)|\{\{.*?\}\}|\$[A-Za-z_]\w*|%[A-Za-z_]\w*%", re.DOTALL)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
_HOST_AND_PORT = re.compile(r"([A-Za-z0-9_.-]+):\d{2,5}(?:/|$)")
_LOOPBACK = {"localhost", "0.0.0.0", "::1", "host.docker.internal"}  # noqa: S104
_MANAGED_NAMES = ("databricks", "databricks-uc", "azureml", "sagemaker", "vertex", "dagshub", "uc")
_MANAGED_HOSTS = re.compile(
    r"(^|\.)(dagshub\.com|databricks\.com|azuredatabricks\.net|azureml\.ms|ml\.azure\.com|aiplatform\.googleapis\.com)$"
    r"|sagemaker"
)
_DATABASES = re.compile(r"(postgres(ql)?|mysql|mariadb|mssql|oracle)(\+|$)")


def fill_holes(text: str) -> str:
    """Replaces what a shell, compose, a template or Windows would fill in: by its default where it has one."""
    return _PLACEHOLDER.sub(HOLE, _DEFAULT.sub(r"\1", text[:_LONGEST]))


def uri_class(text: str) -> str:
    """Returns the class of a tracking URI.

    Args:
        text: The URI; `HOLE` and placeholders (`${X}`, `$X`, `{{ x }}`, `%X%`) stand for parts that aren't known.

    Returns:
        `local_path`, `sqlite`, `database`, `loopback_server`, `service_host`, `remote_server`, `managed` or `dynamic`.
    """
    uri = fill_holes(text.strip().strip("'\"").strip())
    if uri and not uri.strip(HOLE):
        return "dynamic"
    if uri.lower().split(":")[0].split("/")[0] in _MANAGED_NAMES or uri.lower().startswith("arn:aws:sagemaker"):
        return "managed"
    host = _HOST_AND_PORT.match(uri)
    if host and not re.match(r"[A-Za-z]:", uri):
        return _host_class(host[1])
    scheme = _SCHEME.match(uri)
    return _scheme_class(scheme[1].lower(), uri[scheme.end() :]) if scheme else _path_class(uri)


def database_scheme(text: str) -> str:
    """The database dialect that a store's URI names (`postgresql`, `mysql`, `mssql`, `sqlite`); empty for any other."""
    found = re.match(r"\s*['\"]?(postgres(?:ql)?|mysql|mssql|sqlite)(?:\+\w+)?:", text, re.IGNORECASE)
    name = found[1].lower() if found else ""
    return "postgresql" if name == "postgres" else name


def artifact_scheme(text: str) -> str:
    """The shared storage that an artifact location names (`s3`, `gs`, …); empty for a local path."""
    found = re.match(r"\s*['\"]?(s3|gs|wasbs?|abfss?|hdfs|viewfs|ftps?|sftp|dbfs)[an]?:", text, re.IGNORECASE)
    return found[1].lower() if found else ""


def _scheme_class(scheme: str, rest: str) -> str:
    if scheme in {"http", "https"}:
        authority = re.split(r"[/?#]", rest.removeprefix("//"), maxsplit=1)[0].rpartition("@")[2]
        host = authority[1:].partition("]")[0] if authority.startswith("[") else authority.partition(":")[0]
        return _host_class(host)
    if scheme.startswith("sqlite"):
        return "sqlite"
    if _DATABASES.match(scheme):
        return "database"
    return "local_path" if scheme == "file" else "remote_server"


def _host_class(host: str) -> str:
    host = host.lower().rstrip(".")
    if host in _LOOPBACK or _is_loopback(host):
        return "loopback_server"
    if _MANAGED_HOSTS.search(host):
        return "managed"
    if not host.strip(HOLE) or "." in host or ":" in host:
        return "remote_server"  # ground rule 5: the constant prefix `http://` decides, whatever the host is
    return "service_host"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _path_class(uri: str) -> str:
    if uri.startswith(HOLE) and not re.match(f"{HOLE}+[/\\\\.]", uri):
        return "dynamic"
    return "local_path"
