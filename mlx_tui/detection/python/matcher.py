"""Finds the evidence in the Python of one repository: files, notebooks and Databricks sources, resolved together."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from mlx_tui.detection.codebook import Codebook
from mlx_tui.detection.commands import match_command_line
from mlx_tui.detection.model import Anomaly, Finding, Tier, VersionBound
from mlx_tui.detection.python.call_checks import CALL_CHECKS, MLFLOW_CHECKS
from mlx_tui.detection.python.call_rules import CallRules
from mlx_tui.detection.python.environment import match_commands, match_environment
from mlx_tui.detection.python.hits import MAX_EXCERPT, Context, Hit, ResolvedCall
from mlx_tui.detection.python.interest import Interest, imports_of
from mlx_tui.detection.python.interface import interface_bounds
from mlx_tui.detection.python.module_checks import MODULE_CHECKS, ImportRules, is_a_test
from mlx_tui.detection.python.modules import ModuleIndex, module_names
from mlx_tui.detection.python.read import ReadModule, is_torn, read_module
from mlx_tui.detection.python.relevance import Relevance, may_seed, mentions_mlflow
from mlx_tui.detection.python.resolve import MAX_STEPS, Resolver
from mlx_tui.detection.python.scopes import Module, Place
from mlx_tui.detection.python.seed_checks import seeded
from mlx_tui.detection.python.test_files import first_test, is_test_file, may_hold_tests
from mlx_tui.detection.python.values import Evaluator
from mlx_tui.detection.python.wrappers import Wrappers
from mlx_tui.detection.rules import CheckRule
from mlx_tui.detection.source import SourceFile
from mlx_tui.detection.uri import HOLE, SHARED, database_scheme, uri_class

_MESSAGE = 300
MAX_IMPORT_LINKS = 4
MAX_PARSED = 6_000_000
TRACKING = "tracking.configured"


class PythonMatcher:
    """The codebook's rules over Python, ready for any number of repositories."""

    def __init__(self, codebook: Codebook) -> None:
        self._codebook = codebook
        self._calls = CallRules(codebook)
        self._imports = ImportRules(codebook)
        self._checks = codebook.rules(CheckRule)
        self.relevance = Relevance(codebook)
        self.tests = [(feature, rule) for feature, rule in self._checks if rule.check == "tests"]

    def wants(self, path: str) -> bool:
        """Whether a file is Python."""
        return path.endswith((".py", ".ipynb", ".pyw"))

    def start(self, paths: Iterable[str]) -> "PythonScan":
        """Starts on a repository, of which every tracked path that is read is given."""
        return PythonScan(self, [path for path in paths if path.endswith(".py")])

    def findings(self, repository: "PythonScan") -> Iterator[Finding | Anomaly | VersionBound]:
        """Yields what the modules of a repository show, once all are read."""
        wrappers = Wrappers()
        contexts: list[Context] = []
        found: list[tuple[Context, list[Hit]]] = []
        for path in sorted(repository.modules):
            repository.resolver.begin()
            try:
                context = repository.context(path)
                hits = list(self._seeds(context) if context.seeds_only else self._hits(context))
                wrappers.add_direct(context, hits)
            except (RecursionError, ValueError, MemoryError, AttributeError, TypeError, KeyError, IndexError) as error:
                yield Anomaly(path, "internal", f"{type(error).__name__}: {error}"[:_MESSAGE])
                continue
            if context.seeds_only:
                yield from (_finding(context, hit) for hit in hits)
                continue
            if repository.resolver.exhausted:
                yield Anomaly(path, "limit", f"names not followed to their end: more than {MAX_STEPS} steps")
            yield from interface_bounds(context)
            contexts.append(context)
            found.append((context, hits))
        wrappers.close(contexts)
        for context, hits in found:
            yield from (_finding(context, hit) for hit in [*hits, *wrappers.match(context)])
            yield from self._commands(repository, context)

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

    def _commands(self, repository: "PythonScan", context: Context) -> Iterator[Finding]:
        path = context.module.path
        yield from match_commands(context, self._codebook, path)
        for cell, line, text in repository.read[path].commands:
            for finding in match_command_line(text, path, line, cell=cell, codebook=self._codebook):
                yield replace(finding, excerpt=context.excerpt(Place(cell, finding.line)))


class PythonScan:
    """The Python of one repository: files are added one by one, then what they show is asked for."""

    def __init__(self, matcher: PythonMatcher, paths: list[str]) -> None:
        self._matcher = matcher
        self._files: dict[str, SourceFile] = {}
        self._seeding: dict[str, SourceFile] = {}
        self._sources: set[str] = set()
        self._paths = paths
        self._before: list[Finding | Anomaly | VersionBound] = []
        self._tests: list[Finding] = []
        self.anomalies: list[Anomaly] = []
        self._begin()

    def _begin(self) -> None:
        """Starts with no module read."""
        self._parsed = 0
        self.read: dict[str, ReadModule] = {}
        self.modules: dict[str, Module] = {}
        self.resolver = Resolver(ModuleIndex(self._paths, self.modules.get))
        self.evaluator = Evaluator(self.resolver)

    def add(self, file: SourceFile) -> None:
        """Adds a file; it is parsed only where a rule can match in it."""
        module = file.path.endswith(".py")
        if self._matcher.relevance.matters(file.data):
            self._read(file)
            if module and mentions_mlflow(file.data):
                self._sources.add(file.path)
        elif module:
            self._files[file.path] = file
            if may_seed(file.data):
                self._seeding[file.path] = file
            if is_test_file(file.path) and may_hold_tests(file.data):
                self._add_tests(file)
        elif may_seed(file.data) or (file.path.endswith(".ipynb") and is_torn(file.data)):
            self._read(file)
        if self._parsed > MAX_PARSED:
            self._finish_part(file.path)

    def _add_tests(self, file: SourceFile) -> None:
        """Notes the first test of a file in which no other rule can match; parses it only where it must."""
        found = first_test(file.text)
        if found is None:
            self._read(file)
            return
        line, name = found
        for feature, rule in self._matcher.tests:
            why, excerpt = is_a_test(name), file.excerpt(line)[:MAX_EXCERPT]
            self._tests.append(Finding(feature, file.path, None, line, Tier.DIRECT, "", excerpt, rule.id, why))

    def findings(self) -> Iterator[Finding | Anomaly | VersionBound]:
        """Yields what the files show that were added."""
        yield from self._before
        yield from self._part()
        yield from (test for test in self._tests if test.path not in self.read or self.read[test.path].seeds_only)
        yield from self.anomalies

    def _part(self) -> Iterator[Finding | Anomaly | VersionBound]:
        self._follow()
        for path, file in self._seeding.items():
            if path not in self.read:
                self._read(file, seeds_only=True)
        self._seeding.clear()
        yield from self._matcher.findings(self)
        for module in self.modules.values():
            module.release()

    def _finish_part(self, path: str) -> None:
        """Syntax trees take some forty times the text's size: a repository of very much MLflow is read in parts."""
        self._before += self._part()
        self._begin()
        message = f"names aren't followed from here back: more than {MAX_PARSED} characters of Python that use MLflow"
        self.anomalies.append(Anomaly(path, "limit", message))

    def _follow(self) -> None:
        """Reads the files that import what leads to MLflow, so that wrappers and clients are followed into them."""
        sources = [path for path in self._sources if path in self.modules]
        unread = {path: imports_of(file.data) for path, file in self._files.items()} if sources else {}
        interest = Interest(self.resolver.index, self.read, self._matcher.relevance.methods)
        for _ in range(MAX_IMPORT_LINKS):
            found = [
                path for path, imports in unread.items() if interest.is_imported(path, imports, self._files[path].data)
            ]
            if not found:
                return
            for path in sorted(found):
                del unread[path]
                self._read(self._files[path])
            interest.begin()

    def _read(self, file: SourceFile, *, seeds_only: bool = False) -> None:
        try:
            read = read_module(file, module_names(file.path), seeds_only=seeds_only)
        except (RecursionError, ValueError, MemoryError) as error:
            read = ReadModule(None)
            message = f"{type(error).__name__}: {error}"[:_MESSAGE]
            self.anomalies.append(Anomaly(file.path, "unparseable", message))
        self.read[file.path] = read
        self._parsed += read.characters
        self.anomalies.extend(read.anomalies)
        if read.module is not None:
            self.modules[file.path] = read.module

    def context(self, path: str) -> Context:
        """A module with its calls resolved."""
        module, read, resolver = self.modules[path], self.read[path], self.resolver
        calls = [ResolvedCall(call, resolver) for call in module.calls]
        return Context(
            *(module, resolver, self.evaluator, calls),
            *(read.environment, read.lines, read.names_git, read.seeds_only),
        )


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
