"""mlx-tui: explore, annotate and reproduce a corpus of MLflow repositories."""

__version__ = "0.1.0"
