import pytest

from mlx_tui.formats.lock_files import is_lock_file, locked_version


@pytest.mark.parametrize(
    ("text", "version", "line"),
    [
        ('version = 1\n[[package]]\nname = "mlflow"\nversion = "2.1"\n', "2.1", 3),
        ('{"default": {\n "mlflow": {\n  "hashes": [],\n  "version": "==2.2"}}}', "2.2", 2),
        ("package:\n- name: mlflow\n  version: 2.3\n", "2.3", 2),
        ("- url: https://h/mlflow-2.4-py3-none-any.whl\n", "2.4", 1),
        ('[[package]]\nname = "mlflow-extra"\nversion = "2.1"\n', None, 0),
        ("", None, 0),
    ],
)
def test_the_version_to_which_a_lock_resolves_a_package(text: str, version: str | None, line: int) -> None:
    found = locked_version(text, "mlflow")
    assert (found and (found.version, found.line)) == ((version, line) if version else None)


def test_names_of_lock_files() -> None:
    assert is_lock_file("uv.lock") and is_lock_file("pylock.dev.toml") and is_lock_file("Pipfile.lock")
    assert not is_lock_file("package-lock.json") and not is_lock_file("yarn.lock")
