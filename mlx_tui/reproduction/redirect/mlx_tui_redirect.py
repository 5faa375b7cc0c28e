"""Runs inside the experiment's own Python, 3.6 to the newest, with any MLflow since 1.2: standard library only.

It must never be the reason that an experiment fails: whatever MLflow lacks in a version is left alone.
"""

# Old interpreters run this, so that it is neither annotated nor modern.
# mypy: ignore-errors
# ruff: noqa: UP031

import functools
import importlib.machinery
import json
import os
import re
import sys

OWN = os.environ["MLX_TUI_REDIRECT"]
ARTIFACTS = os.environ["MLX_TUI_REDIRECT_ARTIFACTS"]
RECORD = os.environ["MLX_TUI_REDIRECT_RECORD"]
_USERINFO = re.compile(r"(://)[^\s/@]*@")
_told = set()


def record(kind, value):
    """Appends a fact to the record, once a process; credentials never reach the disk."""
    value = _USERINFO.sub(r"\1***@", str(value))
    if (kind, value) in _told or value in (OWN, ARTIFACTS):
        return
    _told.add((kind, value))
    try:
        line = json.dumps({"kind": kind, "value": value[:2000]}) + "\n"
        handle = os.open(RECORD, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            os.write(handle, line.encode("utf-8", "replace"))
        finally:
            os.close(handle)
    except OSError:
        pass


def asked(uri):
    """Records a URI that the code asked for."""
    if uri:
        record("uri", uri)


def asked_by_environment(name):
    """Records a URI that the code put into the environment after the start."""
    asked(os.environ.get(name))


def replace(module, name, make):
    """Replaces a function of a module or class by what `make` returns for the original, where there is one."""
    original = getattr(module, name, None)
    if callable(original):
        setattr(module, name, functools.wraps(original)(make(original)))


def setter(original):
    """Makes a function that records the URI and keeps our own."""

    def set_uri(uri=None, *rest, **options):
        asked(uri)
        return original(OWN)

    return set_uri


def getter(variable):
    """Makes a function that tells our own URI."""

    def make(original):
        def get_uri(*arguments, **options):
            asked_by_environment(variable)
            return OWN

        return get_uri

    return make


def resolver(variable):
    """Makes a function that resolves every URI to our own."""

    def make(original):
        def resolve(uri=None, *rest, **options):
            asked(uri)
            asked_by_environment(variable)
            return OWN

        return resolve

    return make


def tracking_store(original):
    """Makes a method that gives our own store, with its artifacts beside it."""

    def get_store(self, store_uri=None, artifact_uri=None, *rest, **options):
        asked(store_uri)
        asked_by_environment("MLFLOW_TRACKING_URI")
        return original(self, OWN, ARTIFACTS)

    return get_store


def registry_store(original):
    """Makes a method that gives our own model registry."""

    def get_store(self, store_uri=None, *rest, **options):
        asked(store_uri)
        if "tracking_uri" in options:
            options["tracking_uri"] = OWN
        return original(self, OWN, *[OWN for _ in rest], **options)

    return get_store


def experiment_maker(original):
    """Makes a method that leaves the place of the artifacts to the store."""

    def create_experiment(self, name, artifact_location=None, *rest, **options):
        return original(self, name, None, *rest, **options)

    return create_experiment


def change_tracking(module):
    """The functions that set, tell and resolve the tracking URI."""
    replace(module, "set_tracking_uri", setter)
    replace(module, "get_tracking_uri", getter("MLFLOW_TRACKING_URI"))
    replace(module, "_resolve_tracking_uri", resolver("MLFLOW_TRACKING_URI"))


def change_registry(module):
    """The same of the model registry, and of its store."""
    replace(module, "set_registry_uri", setter)
    replace(module, "get_registry_uri", getter("MLFLOW_REGISTRY_URI"))
    replace(module, "_resolve_registry_uri", resolver("MLFLOW_REGISTRY_URI"))


def change_store_registry(module):
    """The registries that make a store of a URI; up to MLflow 1.3 both lie in one module."""
    for name, make in (("TrackingStoreRegistry", tracking_store), ("ModelRegistryStoreRegistry", registry_store)):
        found = getattr(module, name, None)
        if found is not None and found.__module__ == module.__name__:
            replace(found, "get_store", make)


def change_stores(module):
    """The local stores: an experiment's artifacts stay in the attempt's own folder."""
    for name in ("SqlAlchemyStore", "FileStore"):
        found = getattr(module, name, None)
        if found is not None and found.__module__ == module.__name__:
            replace(found, "create_experiment", experiment_maker)


def change_dagshub(module):
    """`dagshub.init` sets the tracking URI and asks for a login."""

    def maker(original):
        def init(*arguments, **options):
            owner = options.get("repo_owner") or (arguments[1] if len(arguments) > 1 else "")
            name = options.get("repo_name") or (arguments[0] if arguments else "")
            asked("dagshub:%s/%s" % (owner, name))

        return init

    replace(module, "init", maker)


def note_version(module):
    """Tells which MLflow runs."""
    record("mlflow", getattr(module, "VERSION", ""))


CHANGES = {
    "mlflow.version": note_version,
    "mlflow.tracking.utils": change_tracking,
    "mlflow.tracking._tracking_service.utils": change_tracking,
    "mlflow.tracking._model_registry.utils": change_registry,
    "mlflow.tracking.registry": change_store_registry,
    "mlflow.tracking._tracking_service.registry": change_store_registry,
    "mlflow.tracking._model_registry.registry": change_store_registry,
    "mlflow.store.file_store": change_stores,
    "mlflow.store.sqlalchemy_store": change_stores,
    "mlflow.store.tracking.file_store": change_stores,
    "mlflow.store.tracking.sqlalchemy_store": change_stores,
    "dagshub": change_dagshub,
}


class Finder:
    """Finds the modules in `CHANGES` as usual, and changes them once they are executed."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        """Part of the import system; see importlib.abc.MetaPathFinder."""
        change = CHANGES.get(name)
        if change is None:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or not hasattr(spec.loader, "exec_module"):
            return None
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            try:
                change(module)
            except Exception as error:
                sys.stderr.write("mlx-tui: MLflow's %s can't be redirected: %s\n" % (name, error))

        spec.loader.exec_module = exec_module
        return spec


sys.meta_path.insert(0, Finder)
