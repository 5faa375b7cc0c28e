"""The files of an attempt's folder, and the one writer of its state."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from mlx_tui.json_file import write_json
from mlx_tui.reproduction.model import AttemptState, Phase


@dataclass(frozen=True, slots=True)
class AttemptFiles:
    """Paths inside `attempts/<owner>__<name>/<id>/`.

    Kept: plan, state, events, log, usage, `environment.txt`, `runs.json`, `store/`, `executed/` and `work/` with what
    the run wrote. Removed at the end: `environment/` (cheap to build again from `environment.txt`), `home/` and `tmp/`.
    """

    folder: Path

    @property
    def plan(self) -> Path:
        """The plan that is run."""
        return self.folder / "plan.json"

    @property
    def state(self) -> Path:
        """The state, replaced atomically."""
        return self.folder / "state.json"

    @property
    def events(self) -> Path:
        """One JSON object a line: every change of phase with its time."""
        return self.folder / "events.jsonl"

    @property
    def log(self) -> Path:
        """Raw bytes that the environment's build and the steps printed."""
        return self.folder / "log"

    @property
    def usage(self) -> Path:
        """One JSON object a line: what the processes used, by the time."""
        return self.folder / "usage.jsonl"

    @property
    def supervisor_log(self) -> Path:
        """What the supervisor itself printed: empty unless it has an error."""
        return self.folder / "supervisor.log"

    @property
    def cancel_request(self) -> Path:
        """Exists once somebody asked to cancel."""
        return self.folder / "cancel"

    @property
    def freeze(self) -> Path:
        """The exact versions of the environment."""
        return self.folder / "environment.txt"

    @property
    def build_result(self) -> Path:
        """What became of the environment's build."""
        return self.folder / "environment.json"

    @property
    def image(self) -> Path:
        """What is known of the image of its container."""
        return self.folder / "image.json"

    @property
    def runs(self) -> Path:
        """What MLflow captured."""
        return self.folder / "runs.json"

    @property
    def store(self) -> Path:
        """MLflow's own store of this attempt, runs and artifacts."""
        return self.folder / "store"

    @property
    def executed(self) -> Path:
        """Executed notebooks."""
        return self.folder / "executed"

    @property
    def work(self) -> Path:
        """The working copy of the repository."""
        return self.folder / "work"

    @property
    def environment(self) -> Path:
        """The virtual environment."""
        return self.folder / "environment"

    @property
    def home(self) -> Path:
        """HOME of the steps."""
        return self.folder / "home"

    @property
    def temporary(self) -> Path:
        """TMPDIR of the steps, their /tmp under bubblewrap."""
        return self.folder / "tmp"

    @property
    def transient(self) -> tuple[Path, ...]:
        """Folders that don't outlive the attempt."""
        return (self.environment, self.home, self.temporary, *sorted(self.folder.glob("uv-cache-*")))


@dataclass(frozen=True, slots=True)
class PhaseEvent:
    """A line of `events.jsonl`."""

    at: datetime
    phase: Phase
    detail: str = ""


class StateKeeper:
    """Holds the state of an attempt and writes each change before anything else happens.

    Args:
        files: The attempt's files.
        state: The state as it is on disk.
    """

    def __init__(self, files: AttemptFiles, state: AttemptState) -> None:
        self._files = files
        self.state = state

    def save(self, state: AttemptState, detail: str = "") -> None:
        """Writes a changed state, and before it an event where the phase changed.

        Raises:
            OSError: The disk is full, …; the old state stands.
        """
        if state.phase is not self.state.phase:  # first, so that who reads the state finds the event
            event = PhaseEvent(datetime.now(UTC), state.phase, detail)
            with self._files.events.open("ab") as stream:
                stream.write(msgspec.json.encode(event) + b"\n")
        write_json(self._files.state, state)
        self.state = state

    def enter(self, phase: Phase) -> None:
        """Changes the phase."""
        self.save(replace(self.state, phase=phase))
