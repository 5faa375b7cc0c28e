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

_DATA = frozenset(
    {
        *("jpg", "jpeg", "png", "gif", "bmp", "ico", "svg", "tif", "tiff", "webp", "mp3", "mp4", "wav", "pdf"),
        *("csv", "tsv", "parquet", "feather", "npy", "npz", "h5", "hdf5", "pkl", "pickle", "joblib", "pt", "pth"),
        *(
            "onnx",
            "bin",
            "zip",
            "gz",
            "tgz",
            "tar",
            "whl",
            "jar",
            "woff",
            "woff2",
            "ttf",
            "xls",
            "xlsx",
            "docx",
            "pptx",
        ),
    }
)
"""Extensions of data, of which a data set may hold a hundred thousand files: no matcher is asked."""


def matchers_of(path: str) -> tuple[FileMatcher, ...]:
    """The matchers that want a file."""
    if path.rpartition(".")[2].lower() in _DATA:
        return ()
    return tuple(matcher for matcher in FILE_MATCHERS if matcher.wants(path))
