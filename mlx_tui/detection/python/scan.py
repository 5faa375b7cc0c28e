"""The Python of one repository: which files are parsed, and in what order they are resolved."""

from collections.abc import Iterable, Iterator

from mlx_tui.detection.model import Anomaly, Finding, Tier, VersionBound
from mlx_tui.detection.python.hits import MAX_EXCERPT
from mlx_tui.detection.python.interest import Interest, imports_of
from mlx_tui.detection.python.matcher import PythonMatcher, Resolved
from mlx_tui.detection.python.module_checks import is_a_test
from mlx_tui.detection.python.read import is_torn
from mlx_tui.detection.python.reading import Reading
from mlx_tui.detection.python.relevance import may_seed, mentions_mlflow
from mlx_tui.detection.python.test_files import first_test, is_test_file, may_hold_tests
from mlx_tui.detection.source import SourceFile

MAX_IMPORT_LINKS = 4
MAX_PARSED = 6_000_000


class PythonScan:
    """Takes files one by one, then tells what they show.

    Args:
        matcher: The rules.
        paths: Every tracked path that is read.

    Attributes:
        characters: How much Python was parsed.
        read: The paths of the files that were parsed.
    """

    def __init__(self, matcher: PythonMatcher, paths: Iterable[str]) -> None:
        self._matcher = matcher
        self._paths = [path for path in paths if path.endswith(".py")]
        self._reading = Reading(self._paths)
        self._files: dict[str, SourceFile] = {}
        self._seeding: dict[str, SourceFile] = {}
        self._sources: set[str] = set()
        self._before: list[Finding | Anomaly | VersionBound] = []
        self._tests: list[Finding] = []
        self.characters = 0
        self.read: set[str] = set()

    def add(self, file: SourceFile) -> None:
        """Adds a file; it is parsed only where a rule can match in it."""
        module = file.path.endswith(".py")
        if self._matcher.relevance.matters(file.data):
            self._reading.add(file)
            if module and mentions_mlflow(file.data):
                self._sources.add(file.path)
        elif module:
            self._files[file.path] = file
            if may_seed(file.data):
                self._seeding[file.path] = file
            if is_test_file(file.path) and may_hold_tests(file.data):
                self._add_tests(file)
        elif may_seed(file.data) or (file.path.endswith(".ipynb") and is_torn(file.data)):
            self._reading.add(file)
        if self._reading.characters > MAX_PARSED:
            self._finish_part(file.path)

    def _add_tests(self, file: SourceFile) -> None:
        """Notes the first test of a file in which no other rule can match; parses it only where it must."""
        found = first_test(file.text)
        if found is None:
            self._reading.add(file)
            return
        line, name = found
        for feature, rule in self._matcher.tests:
            why, excerpt = is_a_test(name), file.excerpt(line)[:MAX_EXCERPT]
            self._tests.append(Finding(feature, file.path, None, line, Tier.DIRECT, "", excerpt, rule.id, why))

    def findings(self) -> Iterator[Finding | Anomaly | VersionBound]:
        """Yields what the files show that were added."""
        yield from self._before
        yield from self._part()
        yield from (test for test in self._tests if test.path not in self.read)

    def _part(self) -> Iterator[Finding | Anomaly | VersionBound]:
        reading = self._reading
        for path, file in self._seeding.items():
            if path not in reading.read:
                reading.add(file, seeds_only=True)
        self._seeding.clear()
        yield from self._matcher.findings(reading, self._follow())
        yield from reading.anomalies
        self.characters += reading.characters
        self.read.update(path for path, read in reading.read.items() if not read.seeds_only)
        reading.release()

    def _finish_part(self, path: str) -> None:
        """Syntax trees take some forty times the text's size: a repository of very much MLflow is read in parts."""
        self._before += self._part()
        self._reading = Reading(self._paths)
        message = f"names aren't followed from here back: more than {MAX_PARSED} characters of Python that use MLflow"
        self._before.append(Anomaly(path, "limit", message))

    def _follow(self) -> Resolved:
        """Resolves, and reads the files that import what leads to MLflow, so that it is followed into these."""
        reading = self._reading
        resolved = self._matcher.resolve(reading)
        leads = any(path in reading.modules for path in self._sources)
        unread = {path: imports_of(file.data) for path, file in self._files.items()} if leads else {}
        for _ in range(MAX_IMPORT_LINKS):
            interest = Interest(reading.index, reading.resolver, resolved.wrappers.chains)
            found = [
                path for path, imports in unread.items() if interest.is_imported(path, imports, self._files[path].data)
            ]
            if found and reading.characters > MAX_PARSED:
                message = f"not followed from here on: more than {MAX_PARSED} characters of Python were read"
                reading.anomalies.append(Anomaly(min(found), "limit", message))
            if not found or reading.characters > MAX_PARSED:
                break
            for path in sorted(found):
                del unread[path]
                reading.add(self._files[path])
            reading.forget()
            resolved = self._matcher.resolve(reading)
        return resolved
