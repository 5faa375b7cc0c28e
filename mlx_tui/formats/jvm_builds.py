"""Dependencies of Maven (`pom.xml`), sbt (`build.sbt`) and Gradle (`build.gradle`, `build.gradle.kts`) builds.

These are programs or may import others; what stands in them literally is read.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator

from mlx_tui.formats.packages import Package, PackageList

MAX_CHARACTERS = 2_000_000

_XML_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_DEPENDENCY = re.compile(r"<dependency>((?:(?!<dependency>).){0,4000}?)</dependency>", re.DOTALL)
_PROPERTY = re.compile(r"<([\w.-]+)>\s*([^<>\s][^<>]{0,200}?)\s*</\1>")
_SBT = re.compile(r'"([\w.-]+)"\s*%{1,3}\s*"([\w.-]+)"\s*%\s*("[^"\n]*"|[\w.]+)')
_GRADLE = re.compile(
    r"""\b(?:api|implementation|compile|compileOnly|runtimeOnly|runtime|testImplementation|testCompile|kapt|
    annotationProcessor|testRuntimeOnly|classpath)\b\s*+(?:\(\s*+)?["']([\w.-]+):([\w.-]+)(?::([^"'\n]*))?["']""",
    re.VERBOSE,
)
_GRADLE_NAMED = re.compile(
    r"group:\s*['\"]([\w.-]+)['\"],\s*name:\s*['\"]([\w.-]+)['\"](?:,\s*version:\s*['\"]([^'\"]*)['\"])?"
)
_SBT_VALUE = re.compile(r'\bval\s+(\w+)\s*=\s*"([^"\n]*)"')
_LONGEST_VERSION = 200
_EXACT = re.compile(r"[\w.-]*\d[\w.-]*$")


def parse_pom(text: str) -> PackageList:
    """Parses a `pom.xml`: its dependencies, with versions that a property of the same file gives."""
    text = _blank(_XML_COMMENT, text[:MAX_CHARACTERS])
    properties = dict(_PROPERTY.findall(text))
    packages, lines = [], _Lines(text)
    for match in _DEPENDENCY.finditer(text):
        fields = dict(_PROPERTY.findall(match[1]))
        version = re.sub(r"\$\{([\w.-]+)\}", lambda m: properties.get(m[1], ""), fields.get("version", ""))
        if artifact := fields.get("artifactId"):
            packages.append(_package(fields.get("groupId", ""), artifact, version, lines.at(match.start())))
    return PackageList(tuple(packages))


def parse_sbt(text: str) -> PackageList:
    """Parses a `build.sbt`: `"group" %% "artifact" % "version"`."""
    text = _without_comments(text[:MAX_CHARACTERS])
    values, lines = dict(_SBT_VALUE.findall(text)), _Lines(text)
    packages = []
    for match in _SBT.finditer(text):
        version = match[3].strip('"') if match[3].startswith('"') else values.get(match[3], "")
        packages.append(_package(match[1], match[2], version, lines.at(match.start())))
    return PackageList(tuple(packages))


def parse_gradle(text: str) -> PackageList:
    """Parses a `build.gradle` or `build.gradle.kts`: `implementation "group:artifact:version"`."""
    text = _without_comments(text[:MAX_CHARACTERS])
    return PackageList(tuple(sorted(_gradle(text), key=lambda package: package.line)))


def _gradle(text: str) -> Iterator[Package]:
    lines = _Lines(text)
    for pattern in (_GRADLE, _GRADLE_NAMED):
        for match in pattern.finditer(text):
            yield _package(match[1], match[2], match[3] or "", lines.at(match.start()))


def _package(group: str, artifact: str, version: str, line: int) -> Package:
    exact = (
        version
        if len(version) < _LONGEST_VERSION and _EXACT.match(version) and not version.upper().endswith("SNAPSHOT")
        else ""
    )
    return Package(artifact.lower(), exact, line, f"{group}:{artifact}:{version}".rstrip(":"))


class _Lines:
    """The lines of a text, by offset."""

    def __init__(self, text: str) -> None:
        self._ends = [match.start() for match in re.finditer("\n", text)]

    def at(self, offset: int) -> int:
        """The line, from 1, in which an offset is."""
        return bisect_left(self._ends, offset) + 1


def _blank(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: "\n" * match[0].count("\n"), text)


def _without_comments(text: str) -> str:
    return _blank(re.compile(r"/\*.*?(?:\*/|\Z)|(?<![:\"'/])//[^\n]*", re.DOTALL), text)
