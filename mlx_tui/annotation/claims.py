"""Claim and reality: what the scan saw in the code beside what a run logged.

The scan says what the code logs, the captured runs what was logged. A claim that wasn't kept needn't be an error: the
run may have ended before. A claim of code that the plan surely doesn't run, another experiment of the repository, is
told apart.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mlx_tui.detection.model import Finding, Tier
from mlx_tui.reproduction.model import CapturedRun, CapturedRuns


class ClaimState(StrEnum):
    """What became of a claim."""

    MET = "met"
    """Logged, with every name that the code spells out."""
    PARTLY = "partly"
    """Logged, but not every name that the code spells out."""
    UNMET = "unmet"
    """Nothing of the kind was logged."""
    NOT_RUN = "not_run"
    """Nothing of the kind was logged, and the code that claims it is none that the plan runs."""
    UNFORESEEN = "unforeseen"
    """Logged, though the scan saw nothing that does so."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One kind of record: what the code claims, and what a run logged.

    Attributes:
        what: The kind: `parameters`, `metrics`, `models`, …
        state: What became of it.
        places: Where the code claims it, `path:line`, in the order of the findings; raw text. Code that surely
            wasn't run is left out where other code claims the same.
        named: The names that this code spells out; raw text.
        logged: The names that were logged; raw text.
    """

    what: str
    state: ClaimState
    places: tuple[str, ...]
    named: tuple[str, ...]
    logged: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The names that the code spells out and the run didn't log."""
        return tuple(name for name in self.named if name not in self.logged)


def compare_claims(findings: Sequence[Finding], captured: CapturedRuns) -> tuple[Claim, ...]:
    """Puts what the code claims beside what was logged; kinds of which there is neither are left out.

    Args:
        findings: Of the repository at the commit that ran; those of tier `wrapper` count for nothing.
        captured: What an attempt captured.
    """
    counted = [finding for finding in findings if finding.tier is not Tier.WRAPPER]
    reached = None if captured.reached is None else frozenset(captured.reached)
    claims = (_claim(kind, counted, captured, reached) for kind in _KINDS)
    return tuple(claim for claim in claims if claim is not None)


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of record.

    Attributes:
        what: Its name.
        claimed_by: Features that claim it.
        logged: Its names among what was captured.
        possible_by: Features that explain it and don't claim it: autologging logs what the library offers.
        called: Functions whose first argument is a name of it, or whose dict has its names as keys.
        in_code: Whether only calls claim it, and no file of another program.
    """

    what: str
    claimed_by: frozenset[str]
    logged: Callable[[CapturedRuns], Iterable[str]]
    possible_by: frozenset[str] = frozenset()
    called: str = ""
    in_code: bool = False


def _claim(
    kind: _Kind, findings: Sequence[Finding], captured: CapturedRuns, reached: frozenset[str] | None
) -> Claim | None:
    claiming = [
        finding
        for finding in findings
        if finding.feature in kind.claimed_by and not (kind.in_code and finding.tier is Tier.FILE)
    ]
    possible = [finding for finding in findings if finding.feature in kind.possible_by]
    logged = tuple(dict.fromkeys(kind.logged(captured)))
    if not claiming and not logged:
        return None
    run = [finding for finding in claiming if not _is_elsewhere(finding, reached)]
    elsewhere = bool(claiming) and not run
    claiming = run or claiming
    named = tuple(dict.fromkeys(name for finding in claiming for name in _names(finding.excerpt, kind.called)))
    if not logged:
        state = ClaimState.NOT_RUN if elsewhere else ClaimState.UNMET
    elif not claiming and not possible:
        state = ClaimState.UNFORESEEN
    else:
        state = ClaimState.MET if set(named) <= set(logged) else ClaimState.PARTLY
    places = tuple(dict.fromkeys(finding.place for finding in claiming or possible))
    return Claim(kind.what, state, places, named, logged)


_CODE = (".py", ".ipynb")


def _is_elsewhere(finding: Finding, reached: frozenset[str] | None) -> bool:
    """Whether a finding lies in code that surely wasn't run."""
    return reached is not None and finding.path.endswith(_CODE) and finding.path not in reached


_KEY = re.compile(r"""(?<![\w'"])(?P<quote>['"])(?P<name>[^'"{}\\]+)(?P=quote)\s*:""")


def _names(excerpt: str, called: str) -> Iterator[str]:
    """The names that a line of code spells out; what it computes (a variable, an f-string) has none."""
    if not called:
        return
    # The first argument, or the second of MlflowClient's methods, whose first is a run's id.
    one = re.search(rf"""(?:{called})\(\s*(?:[\w.]+\s*,\s*)?(?:\w+\s*=\s*)?(['"])([^'"{{}}\\]+)\1""", excerpt)
    if one:
        yield one[2]
    many = re.search(rf"(?:{called})s\(.*?\{{(.*)|tags\s*=\s*\{{(.*)", excerpt)
    if many and not one:
        yield from (match["name"] for match in _KEY.finditer(many[1] or many[2] or ""))


def _params(captured: CapturedRuns) -> Iterator[str]:
    return (param.key for run in captured.runs for param in run.params)


def _metrics(captured: CapturedRuns) -> Iterator[str]:
    return (name for name in _all_metrics(captured) if not name.startswith(_SYSTEM))


def _system_metrics(captured: CapturedRuns) -> Iterator[str]:
    return (name for name in _all_metrics(captured) if name.startswith(_SYSTEM))


def _all_metrics(captured: CapturedRuns) -> Iterator[str]:
    return (metric.name for run in captured.runs for metric in run.metrics)


def _tags(captured: CapturedRuns) -> Iterator[str]:
    return (tag.key for run in captured.runs for tag in run.tags if not tag.key.startswith("mlflow."))


def model_folders(run: CapturedRun) -> tuple[str, ...]:
    """The folders of a run's artifacts that hold a model."""
    return tuple(path.removesuffix("/MLmodel") for path in run.artifacts if path.endswith("/MLmodel"))


def _models(captured: CapturedRuns) -> Iterator[str]:
    return (folder for run in captured.runs for folder in model_folders(run))


def _artifacts(captured: CapturedRuns) -> Iterator[str]:
    for run in captured.runs:
        models = tuple(f"{folder}/" for folder in model_folders(run))
        yield from (path for path in run.artifacts if not path.startswith(models))


_SYSTEM = "system/"
_AUTOLOG = frozenset(["parameters.autologged"])
_KINDS = (
    _Kind(
        "runs",
        frozenset(["runs.explicit"]),
        lambda captured: (run.name or run.run_id for run in captured.runs),
        _AUTOLOG | {"parameters.logged", "metrics.logged"},
    ),
    _Kind(
        "nested runs",
        frozenset(["runs.nested"]),
        lambda captured: (run.name or run.run_id for run in captured.runs if run.parent_run_id),
        _AUTOLOG,
    ),
    _Kind(
        "experiments",
        frozenset(["runs.experiment"]),
        lambda captured: (run.experiment for run in captured.runs if run.experiment not in ("", "Default")),
        called="set_experiment|create_experiment",
    ),
    _Kind("parameters", frozenset(["parameters.logged"]) | _AUTOLOG, _params, called="log_param"),
    _Kind("metrics", frozenset(["metrics.logged", "metrics.evaluated"]), _metrics, _AUTOLOG, "log_metric"),
    _Kind("system metrics", frozenset(["environment.system_metrics"]), _system_metrics),
    _Kind("tags", frozenset(["runs.tagged", "code_version.recorded"]), _tags, _AUTOLOG, "set_tag"),
    _Kind("artifacts", frozenset(["artifacts.logged"]), _artifacts, _AUTOLOG | {"metrics.evaluated"}),
    _Kind("models", frozenset(["models.logged"]), _models, _AUTOLOG),
    _Kind("registered models", frozenset(["models.registered"]), lambda captured: captured.registered_models),
    _Kind(
        "datasets",
        frozenset(["data.logged"]),
        lambda captured: (dataset.name for run in captured.runs for dataset in run.datasets),
        _AUTOLOG | {"metrics.evaluated"},
    ),
    _Kind("tracking URIs", frozenset(["tracking.configured"]), lambda captured: captured.asked_uris, in_code=True),
)

KINDS = tuple(kind.what for kind in _KINDS)
"""The names of the kinds, in the order in which they are told."""
