"""Finds the evidence in the Python of one repository: files, notebooks and Databricks sources, resolved together."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.commands import match_command_line
from mlx_tui.detection.model import Anomaly, Finding, Tier, VersionBound
from mlx_tui.detection.python.call_checks import CALL_CHECKS, MLFLOW_CHECKS
from mlx_tui.detection.python.call_rules import CallRules
from mlx_tui.detection.python.environment import match_commands, match_environment
from mlx_tui.detection.python.hits import Context, Hit
from mlx_tui.detection.python.interface import interface_bounds
from mlx_tui.detection.python.module_checks import MODULE_CHECKS, ImportRules
from mlx_tui.detection.python.reading import Reading
from mlx_tui.detection.python.relevance import Relevance
from mlx_tui.detection.python.resolve import MAX_STEPS
from mlx_tui.detection.python.scopes import Place
from mlx_tui.detection.python.seed_checks import seeded
from mlx_tui.detection.python.wrappers import Wrappers
from mlx_tui.detection.rules import CheckRule
from mlx_tui.detection.uri import HOLE, SHARED, database_scheme, uri_class

_MESSAGE = 300
TRACKING = "tracking.configured"


@dataclass(frozen=True, slots=True)
class Resolved:
    """What the modules that were read show, and which of their functions lead to MLflow."""

    found: list[tuple[Context, list[Hit]]] = field(default_factory=list)
    wrappers: Wrappers = field(default_factory=Wrappers)
    anomalies: list[Anomaly] = field(default_factory=list)

    @property
    def contexts(self) -> list[Context]:
        """The modules of which more than the seeds matters."""
        return [context for context, _ in self.found if not context.seeds_only]


class PythonMatcher:
    """The codebook's rules over Python, ready for any number of repositories."""

    def __init__(self, codebook: Codebook) -> None:
        self._codebook = codebook
        self._calls = CallRules(codebook)
        self._imports = ImportRules(codebook)
        self._checks = codebook.rules(CheckRule)
        self.relevance = Relevance(codebook)
        self.tests = [(feature, rule) for feature, rule in self._checks if rule.check == "tests"]

    def resolve(self, reading: Reading) -> Resolved:
        """Resolves the modules that are read so far, and finds the functions that lead to MLflow."""
        resolved = Resolved()
        for path in sorted(reading.modules):
            reading.resolver.begin()
            try:
                context = reading.context(path)
                hits = list(self._seeds(context) if context.seeds_only else self._hits(context))
                resolved.wrappers.add_direct(context, hits)
            except (RecursionError, ValueError, MemoryError, AttributeError, TypeError, KeyError, IndexError) as error:
                message = f"{type(error).__name__}: {error}"[:_MESSAGE]
                resolved.anomalies.append(Anomaly(path, "internal", message))
                continue
            resolved.found.append((context, hits))
            if reading.resolver.exhausted and not context.seeds_only:
                message = f"names not followed to their end: more than {MAX_STEPS} steps"
                resolved.anomalies.append(Anomaly(path, "limit", message))
        resolved.wrappers.close(resolved.contexts)
        return resolved

    def findings(self, reading: Reading, resolved: Resolved) -> Iterator[Finding | Anomaly | VersionBound]:
        """Yields what the modules show, once all are read and resolved."""
        yield from resolved.anomalies
        for context, hits in resolved.found:
            if context.seeds_only:
                yield from (_finding(context, hit) for hit in hits)
                continue
            yield from interface_bounds(context)
            yield from (_finding(context, hit) for hit in [*hits, *resolved.wrappers.match(context)])
            yield from self._commands(reading, context)

    def _seeds(self, context: Context) -> Iterator[Hit]:
        for feature, rule in self._checks:
            if rule.check == "seeded":
                for resolved in context.calls:
                    yield from seeded(context, resolved, feature, rule.id)

    def _hits(self, context: Context) -> Iterator[Hit]:
        for hit in self._rule_hits(context):
            yield from _with_uri(hit) if hit.feature == TRACKING else (hit,)

    def _rule_hits(self, context: Context) -> Iterator[Hit]:
        yield from self._imports.match(context)
        yield from match_environment(context, self._codebook)
        for site in context.module.decorators:
            yield from self._calls.decorators(context, site)
        for resolved in context.calls:
            yield from self._calls.match(context, resolved)
        logging = [resolved for resolved in context.calls if resolved.logs]
        for feature, rule in self._checks:
            if rule.check in MODULE_CHECKS:
                yield from MODULE_CHECKS[rule.check](context, feature, rule.id)
            elif rule.check in MLFLOW_CHECKS:
                for resolved in logging:
                    yield from MLFLOW_CHECKS[rule.check](context, resolved, feature, rule.id)
            elif rule.check in CALL_CHECKS:
                for resolved in context.calls:
                    yield from CALL_CHECKS[rule.check](context, resolved, feature, rule.id)

    def _commands(self, reading: Reading, context: Context) -> Iterator[Finding]:
        path = context.module.path
        yield from match_commands(context, self._codebook, path)
        for cell, line, text in reading.read[path].commands:
            for finding in match_command_line(text, path, line, cell=cell, codebook=self._codebook):
                yield replace(finding, excerpt=context.excerpt(Place(cell, finding.line)))


def _with_uri(hit: Hit) -> Iterator[Hit]:
    """A configured tracking URI by its class, and what else it shows."""
    managed = hit.value == "managed"
    kind = "managed" if managed else uri_class(hit.value)
    text = hit.value.replace(HOLE, "{…}")
    why = f"{hit.explanation}; the URI is {text or 'empty'}" if not managed and kind != "dynamic" else hit.explanation
    yield hit._replace(value=kind, explanation=why)
    if kind in SHARED:
        yield hit._replace(feature="tracking.shared", value=kind, explanation=why)
    scheme = "" if managed else database_scheme(hit.value)
    if scheme:
        yield hit._replace(feature="tracking.backend_db", value=scheme, explanation=why)


def _finding(context: Context, hit: Hit) -> Finding:
    return Finding(
        hit.feature,
        context.module.path,
        hit.place.cell,
        hit.place.line,
        Tier(hit.tier),
        hit.value.replace(HOLE, "{…}"),
        context.excerpt(hit.place),
        hit.rule,
        hit.explanation,
    )
