"""The options of a study, `mlx-tui.toml`, over those of the user. All have defaults."""

import getpass
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

import msgspec

from mlx_tui import paths
from mlx_tui.formats.toml_lines import TomlDocument, TomlError

FILE_NAME = "mlx-tui.toml"
PERSONAL = ("annotator", "after_verdict", "jobs", "attempts_at_once", "theme", "ascii", "keys")
"""What the user's own file may hold: what is measured, and how, a study says itself."""


class ConfigError(ValueError):
    """A configuration can't be read; the message names the file, the line and the key."""


@dataclass(frozen=True, slots=True)
class KeyChoice:
    """A line of `[keys]`.

    Attributes:
        action: Id of an action of the interface, as written.
        keys: The keys that do it, as written; none for none.
        place: `file:line`, for messages.
    """

    action: str
    keys: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True)
class Options:
    """Options of a study.

    Attributes:
        annotator: Who judges; empty for `MLX_TUI_ANNOTATOR`, else the login name.
        jobs: How many clones or scans at once; 0 for one a processor.
        codebook: Path of a codebook of the study's own, relative to the study; empty for the built-in one.
        timeout: Limit of a reproduction run, in seconds.
        isolation: `auto`, `container`, `bwrap` or `none`.
        network: Whether a run may use the network.
        attempts_at_once: How many attempts run at the same time; the others queue.
        theme: Theme of the interface; empty for the one that the user chose last.
        ascii: Whether charts are drawn without Unicode.
        after_verdict: Where the cursor goes after a verdict: `next_unjudged`, `next` or `stay`.
        blind: Whether one judges without the program's answer and other annotators' judgements in sight.
        keys: Keys of the interface's actions; `mlx_tui.tui.actions.keymap` checks them.
        theme_place: `file:line` of the theme, for messages.
    """

    annotator: str = ""
    jobs: int = 0
    codebook: str = ""
    timeout: int = 1800
    isolation: str = "auto"
    network: bool = True
    attempts_at_once: int = 1
    theme: str = ""
    ascii: bool = False
    after_verdict: str = "next_unjudged"
    blind: bool = False
    keys: tuple[KeyChoice, ...] = ()
    theme_place: str = ""

    @property
    def annotator_name(self) -> str:
        """The annotator that judgements are recorded under."""
        return self.annotator or os.environ.get("MLX_TUI_ANNOTATOR", "") or getpass.getuser()

    @property
    def job_count(self) -> int:
        """How many clones or scans run at once."""
        return self.jobs or os.cpu_count() or 1


_NAMES = tuple(each.name for each in fields(Options) if each.name != "theme_place")
_CHOICES = {"isolation": ("auto", "container", "bwrap", "none"), "after_verdict": ("next_unjudged", "next", "stay")}


def read_options(study: Path) -> Options:
    """Reads a study's options over the user's; defaults where a file or a key is missing.

    Raises:
        ConfigError: A file isn't TOML, holds an unknown key, or a value of the wrong type.
    """
    return _read(study / FILE_NAME, _read(user_config(), Options(), PERSONAL), _NAMES)


def user_config() -> Path:
    """The user's own options, for all studies."""
    return paths.config_dir() / FILE_NAME


def _read(path: Path, base: Options, allowed: tuple[str, ...]) -> Options:
    if not path.exists():
        return base
    try:
        document = TomlDocument(path.read_text(encoding="utf-8"))
    except (TomlError, OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    options = base
    for name, value in document.values.items():
        place = f"{path}:{document.line(name)}"
        if name not in allowed:
            raise ConfigError(_not_allowed(place, name, allowed))
        if name == "keys":
            options = replace(options, keys=_merged(options.keys, _key_choices(path, document)))
        else:
            options = _with(options, name, value, place)
    return options


def _not_allowed(place: str, name: str, allowed: tuple[str, ...]) -> str:
    if name in _NAMES:
        return f"{place}: `{name}` belongs into a study's {FILE_NAME}; here stand {', '.join(allowed)}"
    return f"{place}: unknown option `{name}`; options are {', '.join(allowed)}"


def _with(options: Options, name: str, value: object, place: str) -> Options:
    try:
        changed = msgspec.convert({name: value}, Options)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{place}: `{name}`: {str(error).partition(' - at')[0]}") from error
    if name in _CHOICES and value not in _CHOICES[name]:
        raise ConfigError(f"{place}: `{name}` is {value}; it can be {', '.join(_CHOICES[name])}")
    if name in ("jobs", "timeout", "attempts_at_once") and getattr(changed, name) < (name != "jobs"):
        raise ConfigError(f"{place}: `{name}` is {value}; that is too small")
    options = replace(options, **{name: getattr(changed, name)})
    return replace(options, theme_place=place) if name == "theme" else options


def _key_choices(path: Path, document: TomlDocument) -> Iterator[KeyChoice]:
    table = document.get("keys")
    if not isinstance(table, dict):
        raise ConfigError(f'{path}:{document.line("keys")}: `keys` is a table: [keys], then lines as app.help = "?"')
    for where, value in _leaves(table, ()):
        action, place = ".".join(where), f"{path}:{document.line('keys', *where)}"
        keys = [value] if isinstance(value, str) else value
        if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
            raise ConfigError(f'{place}: `{action}` is a key or a list of keys: "x", ["x", "f5"], or [] for none')
        yield KeyChoice(action, tuple(key for key in keys if key), place)


def _leaves(table: Mapping[str, object], where: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    """Yields the values of a table and of those in it: `corpus.detect = "D"` is a table in a table."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*where, name))
        else:
            yield (*where, name), value


def _merged(before: tuple[KeyChoice, ...], new: Iterator[KeyChoice]) -> tuple[KeyChoice, ...]:
    return tuple({choice.action: choice for choice in (*before, *new)}.values())
