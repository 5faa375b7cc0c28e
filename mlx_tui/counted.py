"""Numbers of things in words."""


def counted(number: int, thing: str) -> str:
    """Returns `1 run`, `2 runs`; `1 repository`, `2 repositories`."""
    if number == 1:
        return f"1 {thing}"
    return f"{number:,} {thing[:-1]}ies" if thing.endswith("ry") else f"{number:,} {thing}s"
