"""A study: corpus, scans, judgements and attempts of one folder, for the interface and the command line."""

from mlx_tui.study.errors import NotScanned, StudyError
from mlx_tui.study.study import Study

__all__ = ["NotScanned", "Study", "StudyError"]
