"""Words of the ways to run a repository: what is run, and where it was read."""

from mlx_tui.reproduction.model import Candidate, CommandSource, Step, StepKind


def step_text(step: Step) -> str:
    """Returns what a step runs, as it would be typed."""
    text = step.text if step.kind is StepKind.COMMAND else f"notebook {step.text}"
    return text if step.workdir in (".", "") else f"{text}  (in {step.workdir})"


def candidate_text(candidate: Candidate) -> str:
    """Returns what a candidate runs, on one line."""
    return "; ".join(step_text(step) for step in candidate.steps)


def candidate_source(candidate: Candidate) -> str:
    """Returns where a candidate was read from."""
    if candidate.source is CommandSource.USER:
        return "typed by you"
    return f"{candidate.path}:{candidate.line}" if candidate.line else candidate.path or candidate.source.value
