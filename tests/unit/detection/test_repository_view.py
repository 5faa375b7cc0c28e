"""What a view of a repository finds by name, and what is found once a repository."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.detection.source import RepositoryView, remembered

_PARTS = st.lists(st.sampled_from(["a", "A", "b", "a.py", "A.py", ""]), min_size=1, max_size=4)
_PATHS = st.lists(_PARTS.map("/".join), unique=True, max_size=12).map(lambda paths: tuple(sorted(paths)))


@given(_PATHS, _PARTS.map("/".join))
def test_paths_that_end_in_a_name(paths: tuple[str, ...], name: str) -> None:
    paths = tuple(path for path in paths if path and not path.endswith("/"))
    view = RepositoryView(Path("/nonexistent"), paths, paths)
    assert view.ending(name) == [path for path in paths if path == name or path.endswith("/" + name)]


def test_what_is_remembered_is_found_once_a_repository_and_argument() -> None:
    asked: list[tuple[RepositoryView, str]] = []

    @remembered
    def joined(repository: RepositoryView, end: str) -> str:
        asked.append((repository, end))
        return ",".join(repository.paths) + end

    one, other = (RepositoryView(Path("/nonexistent"), paths, paths) for paths in (("a",), ("b",)))
    assert [joined(one, "!"), joined(one, "!"), joined(one, "?"), joined(other, "!")] == ["a!", "a!", "a?", "b!"]
    assert asked == [(one, "!"), (one, "?"), (other, "!")]
