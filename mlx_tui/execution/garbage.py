"""A pause of Python's search for garbage while very many objects are made that all live on."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Each search visits every object there is: with syntax trees or a million findings it takes most of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def settle() -> None:
    """Takes every object that lives now out of the search for garbage: what was loaded stays, and is never visited.

    With the results of 10,000 repositories in memory one search takes longer than a key may wait. What is replaced
    later is freed all the same, as long as no circle of references holds it.
    """
    gc.freeze()
