"""Processes that work for an interface give way to it: a key is answered while every processor is busy.

Only processes are given a lower priority, never threads of this one: a thread that holds Python's lock and isn't
given a processor would keep the interface waiting.
"""

import os

GIVES_WAY = 10
"""How many steps of `nice` lower."""


class Priority:
    """How many steps lower the processes run that this one starts for itself; 0 while there is no interface."""

    lower: int = 0


def give_way() -> None:
    """From now on processes that scan and clone run at a lower priority than this one."""
    Priority.lower = GIVES_WAY


def command_prefix() -> list[str]:
    """What stands before a command so that it gives way, where it is to."""
    return ["nice", "-n", str(Priority.lower)] if Priority.lower else []


def lower_own(steps: int) -> None:
    """Lowers the priority of this process, a worker."""
    if steps:
        os.nice(steps)
