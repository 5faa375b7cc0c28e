"""Work in slices: a generator that can be left between two of its steps, so that no key waits for it."""

from collections.abc import Generator
from typing import TypeVar

Result = TypeVar("Result")
Work = Generator[None, None, Result]
"""Yields after each slice, and returns what came of it."""


def finish(work: Work[Result]) -> Result:
    """Does all the work that is left."""
    while True:
        try:
            next(work)
        except StopIteration as done:
            result: Result = done.value
            return result
