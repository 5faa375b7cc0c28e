"""The kinds of rules that a codebook declares. Each is the data of one `[[feature.rule]]` table.

Names of calls are patterns over qualified names: components separated by dots, `*` matches inside a component, `**`
any number of components, and `()` marks the result of a call: `mlflow.**.MlflowClient().log_param`.
"""

import msgspec

from mlx_tui.detection.model import Tier


class Rule(msgspec.Struct, frozen=True, tag_field="kind", forbid_unknown_fields=True, kw_only=True):
    """What all rules have.

    Attributes:
        id: Unique within the codebook; findings name it.
        note: Why it matches, for a person.
    """

    id: str
    note: str = ""


class Unless(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A literal argument that takes a call out: `disable=True`."""

    argument: str
    literal: bool | str | int


class CallRule(Rule, frozen=True, tag="call", kw_only=True):
    """A call of a qualified name.

    Attributes:
        calls: Patterns of the callee.
        given: The call counts only where one of these arguments (anything but `None`) is given.
        positions: Position of an argument of `given` or `value_of`, for calls that pass it by position.
        when: Arguments of which one must have one of these computed values; empty where the call alone counts.
        unless: Literal arguments that take it out.
        value_of: The argument whose computed value is the finding's value.
        decorator: A decorator naming the callee without calling it counts too.
        tier: The findings' tier.
    """

    calls: tuple[str, ...]
    given: tuple[str, ...] = ()
    positions: dict[str, int] = {}
    when: dict[str, tuple[str | bool, ...]] = {}
    unless: tuple[Unless, ...] = ()
    value_of: str = ""
    decorator: bool = False
    tier: Tier = Tier.DIRECT


class ArgumentRule(Rule, frozen=True, tag="argument", kw_only=True):
    """An argument given to a call; the finding is on the argument's line.

    Attributes:
        calls: Patterns of the callee.
        arguments: Names of the argument, any of which counts unless it is the literal `None`.
        positions: Position of an argument, for calls that pass it by position.
        true: The argument counts only where its computed value is true.
        value: The argument's computed value is the finding's value.
        tier: The findings' tier.
    """

    calls: tuple[str, ...]
    arguments: tuple[str, ...]
    positions: dict[str, int] = {}
    true: bool = False
    value: bool = False
    tier: Tier = Tier.DIRECT


class ImportRule(Rule, frozen=True, tag="import", kw_only=True):
    """An import of a module, or of a name in one.

    Attributes:
        modules: Patterns of the module; what lies below it counts too.
        tier: The findings' tier.
    """

    modules: tuple[str, ...]
    tier: Tier = Tier.DIRECT


class FileRule(Rule, frozen=True, tag="file", kw_only=True):
    """A file by name and, where `contains` is given, by content.

    Attributes:
        files: Patterns of the path with `*`, `**` and `?`; one without `/` matches the name at any depth.
        ignore_case: Compare names lower-cased.
        contains: A regular expression that the text must match; the finding is on its first line of match.
    """

    files: tuple[str, ...]
    ignore_case: bool = False
    contains: str = ""


class KeyRule(Rule, frozen=True, tag="key", kw_only=True):
    """A key path in YAML, TOML or JSON.

    Attributes:
        files: As `FileRule.files`.
        keys: Key paths, dotted; `*` matches one key or any item of a sequence, `**` any number.
        value: A regular expression that the value must match; empty for any value that isn't null.
    """

    files: tuple[str, ...]
    keys: tuple[str, ...]
    value: str = ""


class CommandRule(Rule, frozen=True, tag="command", kw_only=True):
    """A command line that a script, container, CI job, task or notebook runs.

    Attributes:
        pattern: A regular expression searched in one command.
        value_group: The group of the pattern that is the finding's value; 0 for none.
    """

    pattern: str
    value_group: int = 0


class EnvironmentRule(Rule, frozen=True, tag="environment", kw_only=True):
    """An environment variable that is given a value in code or in a file.

    Attributes:
        names: The variables.
        value: A regular expression that the computed value must match; empty for any value.
    """

    names: tuple[str, ...]
    value: str = ""


KNOWN_CHECKS = frozenset(
    {
        *("artifact_location", "logs_source", "metaflow_flow", "model_uri", "nested_by_tag", "project_steps"),
        *("records_commit", "seeded", "spark_runs", "tagged", "tests", "time_travel"),
    }
)
"""The names that a `CheckRule` may give."""


class CheckRule(Rule, frozen=True, tag="check", kw_only=True):
    """A named function for what can't be declared.

    Attributes:
        check: Its name; a name that no function of this version has is an error in a codebook.
    """

    check: str


AnyRule = CallRule | ArgumentRule | ImportRule | FileRule | KeyRule | CommandRule | EnvironmentRule | CheckRule


class Integration(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A library's class or function that logs to MLflow (ground rule 4); a `_target_` naming it is a call of it.

    Attributes:
        id: Unique; findings name it.
        calls: Patterns of the qualified name.
        features: What it counts for, at the constructor's line.
        arguments: Argument (not `None`) to the further feature that it gives.
        when: Arguments of which one must have one of these computed values; empty where the call alone counts.
        unless: Literal arguments that take it out.
        note: Why it counts, for a person.
    """

    id: str
    calls: tuple[str, ...]
    features: tuple[str, ...]
    arguments: dict[str, str] = {}
    when: dict[str, tuple[str | bool, ...]] = {}
    unless: tuple[Unless, ...] = ()
    note: str = ""
