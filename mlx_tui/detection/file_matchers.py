"""The matchers of everything that isn't Python, in the order in which the scanner asks them."""

from mlx_tui.detection.files import dependencies, mlproject
from mlx_tui.detection.matcher import FileMatcher, RepositoryMatcher

FILE_MATCHERS: tuple[FileMatcher, ...] = (mlproject, dependencies)
REPOSITORY_MATCHERS: tuple[RepositoryMatcher, ...] = ()
