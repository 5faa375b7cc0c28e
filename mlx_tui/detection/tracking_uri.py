"""Classes of tracking URIs (codebook, `tracking.configured`), for code and files alike."""

import re
from ipaddress import ip_address

UNKNOWN = "\ufffc"
"""Stands in a computed text for a part that can't be computed statically."""

SHARED = frozenset({"remote_server", "service_host", "database", "managed"})
"""Classes that make runs visible to others (`tracking.shared`)."""

_LOOPBACK = frozenset({"localhost", "host.docker.internal", "::1", "0.0.0.0"})  # noqa: S104  a class of addresses, nothing binds
_DATABASES = ("postgresql", "postgres", "mysql", "mssql")
_MANAGED = re.compile(r"databricks(-uc)?(://|$)|uc:|azureml:|sagemaker:|arn:aws[\w-]*:sagemaker:|vertex|dagshub:", re.I)
_MANAGED_HOST = re.compile(r"(^|\.)(dagshub\.com|azuredatabricks\.net|databricks\.com|azureml\.ms)$", re.I)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9]*)(?:\+[A-Za-z0-9_]+)?:")
_HOST = re.compile(r"//(?:[^/?#]*@)?(\[[^\]]*\]|[^/:?#]*)")


def uri_class(uri: str | None) -> str:
    """The class of a tracking URI.

    Args:
        uri: The computed text, parts of it `UNKNOWN`; None where nothing is known.

    Returns:
        `local_path`, `sqlite`, `database`, `loopback_server`, `service_host`, `remote_server`, `managed` or `dynamic`.
    """
    uri = (uri or "").strip().strip("'\"")
    if not uri.replace(UNKNOWN, ""):
        return "dynamic" if uri else "local_path"
    if _MANAGED.match(uri):
        return "managed"
    scheme = _SCHEME.match(uri)
    if scheme and not _is_drive(scheme[1]):
        return _by_scheme(scheme[1].lower(), uri)
    return _without_scheme(uri)


def database_scheme(uri: str | None) -> str:
    """`postgresql`, `mysql`, `mssql` or `sqlite` where a URI has that scheme (`tracking.backend_db`), else empty."""
    scheme = _SCHEME.match((uri or "").strip().strip("'\""))
    name = scheme[1].lower() if scheme else ""
    return {"postgres": "postgresql"}.get(name, name) if name in (*_DATABASES, "sqlite") else ""


def _is_drive(scheme: str) -> bool:
    return len(scheme) == 1


def _by_scheme(scheme: str, uri: str) -> str:
    if scheme == "sqlite":
        return "sqlite"
    if scheme in _DATABASES:
        return "database"
    if scheme in ("http", "https"):
        return _by_host(uri)
    if scheme == "file":
        return "local_path"
    return _by_host(f"//{uri}") if "://" not in uri else "remote_server"


def _by_host(uri: str) -> str:
    found = _HOST.search(uri)
    host = (found[1] if found else "").strip("[]").lower().rstrip(".")
    if _is_loopback(host):
        return "loopback_server"
    if _MANAGED_HOST.search(host):
        return "managed"
    if host and "." not in host and ":" not in host and UNKNOWN not in host:
        return "service_host"
    return "remote_server"


def _is_loopback(host: str) -> bool:
    if host in _LOOPBACK or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _without_scheme(uri: str) -> str:
    head = re.split(r"[/:]", uri, maxsplit=1)[0]
    if "://" in uri or (UNKNOWN in head and "/" not in uri):
        return "dynamic"
    return "local_path"
