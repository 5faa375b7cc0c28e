"""The matchers of everything that isn't Python, in the order in which the scanner asks them."""

from mlx_tui.detection.files import (
    containers,
    declared,
    dependencies,
    encodings,
    jenkins,
    jvm_language,
    mlproject,
    names,
    r_language,
    readme,
    scripts,
    stores,
    tasks,
    yaml_files,
)
from mlx_tui.detection.matcher import FileMatcher, RepositoryMatcher

FILE_MATCHERS: tuple[FileMatcher, ...] = (
    mlproject,
    dependencies,
    scripts,
    containers,
    tasks,
    yaml_files,
    jenkins,
    readme,
    names,
    r_language,
    jvm_language,
    encodings,
)
REPOSITORY_MATCHERS: tuple[RepositoryMatcher, ...] = (stores, declared)
