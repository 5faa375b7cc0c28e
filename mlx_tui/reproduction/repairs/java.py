"""Repairs of a Java that is newer than Spark: modules that Java 16 closed, open again; a Spark that knows that Java."""

import re
from dataclasses import replace

from packaging.version import Version

from mlx_tui.reproduction.model import Plan, Variable
from mlx_tui.reproduction.repairs.failure import Failure, repaired
from mlx_tui.reproduction.repairs.packages import installed_version, with_requirement

VARIABLE = "JDK_JAVA_OPTIONS"
_CLOSED = re.compile(
    r"InaccessibleObjectException|does not \"(?:opens|exports) |cannot access class \S+ \(in module java\.base\)"
)
# Those that Spark opens itself since 3.3 (JavaModuleOptions).
_PACKAGES = (
    *("java.lang", "java.lang.invoke", "java.lang.reflect", "java.io", "java.net", "java.nio", "java.util"),
    *("java.util.concurrent", "java.util.concurrent.atomic", "sun.nio.ch", "sun.nio.cs", "sun.security.action"),
    "sun.util.calendar",
)


def open_modules(plan: Plan, failure: Failure) -> Plan | None:
    """Java's own packages opened to what was written before Java 16, as later releases of Spark do themselves."""
    said = next((line for line in (failure.line, *reversed(failure.lines)) if _CLOSED.search(line)), "")
    if not said or failure.step < 1 or any(item.name == VARIABLE for item in plan.variables):
        return None
    options = " ".join(f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in _PACKAGES)
    changed = replace(plan, variables=(*plan.variables, Variable(VARIABLE, options)))
    did = f"{VARIABLE} opens {len(_PACKAGES)} packages of Java: the program is older than the Java that is here"
    return repaired(changed, "java modules opened", did, said.strip())


_SPARK = "3.3.4"
"""The first line of Spark for Java 17, which also is the last for Python 3.7."""
_PY4J = "0.10.9.5"
_OF_NEWER_JAVA = re.compile(
    r"InvalidObjectException: ReflectiveOperationException during deserialization"
    r"|Unsupported class file major version|ClassCastException: cannot assign instance of java\.lang\.invoke"
)


def newer_spark(plan: Plan, failure: Failure) -> Plan | None:
    """A Spark that knows the Java that is here, where an older one fails inside Java even with its modules open."""
    version = installed_version(failure, "pyspark")
    said = next((line for line in (failure.line, *reversed(failure.lines)) if _OF_NEWER_JAVA.search(line)), "")
    if version is None or version >= Version("3.3") or not said:
        return None
    spec = with_requirement(plan.environment, "pyspark", f"=={_SPARK}")
    # Pinned with it: what is pinned is taken whatever its date, and Spark asks for just that one.
    changed = replace(plan, environment=with_requirement(spec, "py4j", f"=={_PY4J}"))
    did = f"pyspark=={_SPARK} installed in place of {version}, which is older than the Java that is here"
    return repaired(changed, f"pyspark=={_SPARK}", did, said.strip())
