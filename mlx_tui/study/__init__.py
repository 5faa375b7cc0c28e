"""A study: the corpus, scans, judgements and attempts of one folder. The interface and the command line use only this."""

from mlx_tui.study.errors import StudyError
from mlx_tui.study.study import Study

__all__ = ["Study", "StudyError"]
