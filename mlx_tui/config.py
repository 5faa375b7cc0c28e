"""The options of a study: `mlx-tui.toml`. All have defaults."""

import getpass
import os
from dataclasses import dataclass
from pathlib import Path

import msgspec

FILE_NAME = "mlx-tui.toml"


class ConfigError(ValueError):
    """`mlx-tui.toml` can't be read; the message names the file and the key."""


@dataclass(frozen=True, slots=True)
class Options:
    """Options of a study.

    Attributes:
        annotator: Who judges; empty for `MLX_TUI_ANNOTATOR`, else the login name.
        jobs: How many clones or scans at once; 0 for one a processor.
        codebook: Path of a codebook of the study's own, relative to the study; empty for the built-in one.
        timeout: Limit of a reproduction run, in seconds.
        isolation: `auto`, `bwrap` or `none`.
        network: Whether a run may use the network.
        attempts_at_once: How many attempts run at the same time; the others queue.
        theme: Textual theme of the interface; empty for its default.
    """

    annotator: str = ""
    jobs: int = 0
    codebook: str = ""
    timeout: int = 1800
    isolation: str = "auto"
    network: bool = True
    attempts_at_once: int = 1
    theme: str = ""

    @property
    def annotator_name(self) -> str:
        """The annotator that judgements are recorded under."""
        return self.annotator or os.environ.get("MLX_TUI_ANNOTATOR", "") or getpass.getuser()

    @property
    def job_count(self) -> int:
        """How many clones or scans run at once."""
        return self.jobs or os.cpu_count() or 1


def read_options(study: Path) -> Options:
    """Reads a study's options; defaults where the file or a key is missing.

    Raises:
        ConfigError: The file isn't TOML, holds an unknown key, or a value of the wrong type.
    """
    path = study / FILE_NAME
    if not path.exists():
        return Options()
    try:
        values = msgspec.toml.decode(path.read_bytes())
        unknown = sorted(set(values) - set(Options.__dataclass_fields__))
        if unknown:
            known = ", ".join(Options.__dataclass_fields__)
            raise ConfigError(f"{path}: unknown option `{unknown[0]}`; options are {known}")
        return msgspec.convert(values, Options)
    except (msgspec.DecodeError, OSError) as error:
        raise ConfigError(f"{path}: {error}") from error
