"""The image of an attempt's container: found, built or pulled, and looked into; live into the attempt's log."""

import hashlib
import re
import time
from dataclasses import replace

from mlx_tui.json_file import write_json
from mlx_tui.reproduction import container_engine as engines
from mlx_tui.reproduction.attempt_files import AttemptFiles
from mlx_tui.reproduction.build_environment import BuildResult
from mlx_tui.reproduction.built_images import labels
from mlx_tui.reproduction.container_engine import Box, container_name, container_user, run_command
from mlx_tui.reproduction.container_names import origin_text, origins, qualified
from mlx_tui.reproduction.image_facts import ASK, LOOK, ImageFacts, read_pythons
from mlx_tui.reproduction.install_failure import InstallCause, InstallFailure
from mlx_tui.reproduction.logged_process import Log, LoggedProcess
from mlx_tui.reproduction.model import Container, Deviation, ImageOrigin, Plan
from mlx_tui.reproduction.variables import proxies

REPOSITORY = "localhost/mlx-tui"
"""The images that the program builds are named so, and carry the label `container_engine.LABEL`."""
_NETWORK = re.compile(
    r"no such host|connection refused|i/o timeout|TLS handshake|network is unreachable|dial tcp|name resolution",
    re.IGNORECASE,
)
_DISK = re.compile(r"no space left on device|disk quota exceeded", re.IGNORECASE)
_FOLLOWS = re.compile(r"^Error: (?:error )?building at STEP")
_LONG = 160
_TELLING = re.compile(r"^(?:ERROR|E:|error:|Error)\b")


def prepare_image(plan: Plan, container: Container, files: AttemptFiles, log: Log) -> BuildResult:
    """Sees to it that the engine has the image, and writes `image.json` and `environment.txt`.

    What is here is used as it is; else it is built from the Dockerfile or pulled, the one after the other where the
    first fails. A name that holds a registry is pulled first: that is the author's own image.

    Args:
        plan: The plan.
        container: Its container.
        files: The attempt's files; the working copy is what the build sees.
        log: Is given what the engine writes, as it writes it.
    """
    started = time.monotonic()
    maker = _Maker(plan, container, files, LoggedProcess(files.folder, log, lambda: False, _variables(files)))
    wanted = container.image if found_id(container.engine, container.image) else ""
    used, failure = ImageOrigin.LOCAL, None
    for origin in () if wanted else origins(container):
        make = maker.build if origin is ImageOrigin.DOCKERFILE else maker.pull
        wanted, failed = make()
        used, failure = origin, failure or failed
        if wanted:
            failure = None
            break
    if failure is not None:
        return BuildResult(plan.environment, failure, seconds=time.monotonic() - started)
    facts, failure = maker.look(wanted)
    if facts is None:
        return BuildResult(plan.environment, failure, seconds=time.monotonic() - started)
    log(f"the image is {facts.id}, {origin_text(used, container)}\n".encode())
    freeze = _written(files, container, facts)
    python = facts.pythons[0] if facts.pythons else None
    spec = replace(
        plan.environment,
        interpreter=python.program if python else "",
        python_used=python.version if python else "",
    )
    told = _told(container, used, facts)
    return BuildResult(spec, freeze=freeze, deviations=told, seconds=time.monotonic() - started)


def _variables(files: AttemptFiles) -> dict[str, str]:
    return proxies() | engines.engine_variables() | {"TMPDIR": str(files.temporary)}


def built_name(plan: Plan, container: Container) -> str:
    """The name of the image that is built for a plan: the same for every attempt at the same commit."""
    slug = re.sub(r"[^a-z0-9]+", "-", plan.repo.lower()).strip("-")[:80] or "repository"
    asked = "\n".join((plan.repo, plan.commit, container.dockerfile, container.context))
    return f"{REPOSITORY}/{slug}:{hashlib.sha256(asked.encode()).hexdigest()[:16]}"


def found_id(engine: str, image: str) -> str:
    """The id of an image that the engine has; empty for none."""
    return engines.read(engine, "image", "inspect", "--format", "{{.Id}}", image) or ""


class _Maker:
    """Makes an image be there, and looks into it."""

    def __init__(self, plan: Plan, container: Container, files: AttemptFiles, process: LoggedProcess) -> None:
        self._plan, self._container, self._files, self._process = plan, container, files, process

    def build(self) -> tuple[str, InstallFailure | None]:
        container, name = self._container, built_name(self._plan, self._container)
        if found_id(container.engine, name):
            self._process.log(f"{name} was built before\n".encode())
            return name, None
        if not self._is_file(container.dockerfile):
            message = f"{container.dockerfile} is no file of the repository"
            return "", InstallFailure(InstallCause.MISSING_FILE, container.dockerfile, message)
        return self._run(name, build_command(container, name, self._files, self._plan.commit))

    def _is_file(self, path: str) -> bool:
        place, work = self._files.work / path, self._files.work.resolve()
        return place.is_file() and place.resolve() == work / path

    def pull(self) -> tuple[str, InstallFailure | None]:
        container = self._container
        name = qualified(container.image)
        return self._run(name, [container.engine, "pull", name])

    def _run(self, name: str, command: list[str]) -> tuple[str, InstallFailure | None]:
        status, output = self._process.run(command)
        return (name, None) if status == 0 else ("", image_failure(self._container.image, output))

    def look(self, image: str) -> tuple[ImageFacts | None, InstallFailure | None]:
        """What is in an image, from a container without network that runs its interpreters."""
        engine = self._container.engine
        told = engines.read(engine, "image", "inspect", "--format", "{{.Id}} {{json .Config.Entrypoint}}", image)
        identity, _, entrypoint = (told or "").partition(" ")
        name = container_name(self._files.folder.name)
        box = Box(name, identity, container_user(engine), network=False, entrypoint="/bin/sh")
        status, output = self._process.run(run_command(engine, box, ["-c", LOOK, ASK]), quiet=True)
        engines.end(engine, name)
        if status:
            self._process.log(output.encode())
            return None, image_failure(image, output)
        return ImageFacts(identity, entrypoint not in ("", "null", "[]"), read_pythons(output)), None


def build_command(container: Container, name: str, files: AttemptFiles, commit: str) -> list[str]:
    """The command line that builds an image; nothing of the user's but the network is in its reach."""
    command = [container.engine, "build", "--tag", name, "--force-rm"]
    for label, value in labels(commit).items():
        command += ["--label", f"{label}={value}"]
    if container.engine == "podman":
        # The host is how what a killed build leaves is known. Without layers there is but one container, and no image
        # is left that has no name.
        mark = f"{container_name(files.folder.name)}:127.0.0.1"
        command += ["--layers=false", "--http-proxy=false", "--add-host", mark]
    for variable, value in proxies().items():
        command += ["--build-arg", f"{variable}={value}"]
    return [*command, "--file", str(files.work / container.dockerfile), str(files.work / container.context)]


def image_failure(image: str, output: str) -> InstallFailure:
    """Why there is no image, from what the engine wrote."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if _TELLING.match(line) and not _FOLLOWS.match(line)]
    message = (telling or lines or ["nothing was printed"])[-1]
    cause = InstallCause.IMAGE
    if _DISK.search(output):
        cause = InstallCause.DISK
    elif _NETWORK.search("\n".join(telling) or message):
        cause = InstallCause.NETWORK
    return InstallFailure(cause, image, f"{image}: {_end_of(message)}")


def _end_of(message: str) -> str:
    """A message without what it says first where it is long: engines tell what they were about before what failed."""
    while len(message) > _LONG and ": " in message:
        message = message.partition(": ")[2]
    return message


def _written(files: AttemptFiles, container: Container, facts: ImageFacts) -> tuple[str, ...]:
    versions = facts.pythons[0].versions if facts.pythons else {}
    freeze = tuple(sorted(f"{name}=={version}" for name, version in versions.items()))
    text = "".join(f"{line}\n" for line in (f"# image {container.image} {facts.id}", *freeze))
    files.freeze.write_text(text, encoding="utf-8")
    write_json(files.image, facts)
    return freeze


def _told(container: Container, used: ImageOrigin, facts: ImageFacts) -> tuple[Deviation, ...]:
    told: list[Deviation] = []
    if used is not container.origin:
        told.append(Deviation("image", origin_text(container.origin, container), origin_text(used, container), ""))
    if not facts.pythons:
        told.append(Deviation("MLflow's store", "redirected", "asked for by a variable", "the image has no Python"))
    return tuple(told)
