"""The repair of a Java that is newer than the program it runs: modules that Java 16 closed, open again."""

import re
from dataclasses import replace

from mlx_tui.reproduction.model import Plan, Variable
from mlx_tui.reproduction.repairs.failure import Failure, repaired

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
