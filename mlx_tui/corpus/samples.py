"""The sample corpus as git repositories whose commits are the same on every machine.

A sample is a plain folder. What a wheel or some file systems can't hold as a file (a line break in a name, a symbolic
link, bytes that aren't text) stands in its `sample.toml`, which isn't part of the repository. The repository is made
with `git fast-import` from a stream that depends on nothing else: no configuration, umask, locale or clock.
"""

import base64
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import msgspec

from mlx_tui.corpus.entries import CorpusError, read_corpus
from mlx_tui.corpus.git_process import run_git
from mlx_tui.corpus.model import CorpusEntry

MANIFEST = "sample.toml"
AUTHOR = "mlx-tui samples <samples@example.org>"
# What tools leave in a folder of sources, such as pip, which compiles what it installs.
_LEFT_BY_TOOLS = {"__pycache__", ".ipynb_checkpoints", ".pytest_cache", ".DS_Store"}


@dataclass(frozen=True, slots=True)
class ExtraFile:
    """A file that the folder doesn't hold.

    Attributes:
        path: Its path in the repository.
        path_base64: The path's bytes, in place of a path, where they aren't UTF-8.
        text: Its text.
        encoding: How the text is encoded.
        base64: Its bytes, in place of a text.
        link: The target of a symbolic link, in place of a text.
    """

    path: str = ""
    path_base64: str = ""
    text: str = ""
    encoding: str = "utf-8"
    base64: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A sample's `sample.toml`.

    Attributes:
        date: Date of the one commit.
        message: Its message.
        executable: Paths whose mode is 755; all others have 644.
        file: Files that the folder doesn't hold.
    """

    date: datetime
    message: str = "Publish the experiment"
    executable: tuple[str, ...] = ()
    file: tuple[ExtraFile, ...] = ()


@dataclass(frozen=True, slots=True)
class TreeFile:
    """A file of the commit: its mode as git writes it (`100644`, `100755`, `120000`), its path and its content."""

    mode: str
    path: bytes
    data: bytes


def materialize(sample_dir: Path, target: Path) -> tuple[CorpusEntry, ...]:
    """Makes a git repository of each sample.

    A repository that is there already and made of the same files is left as it is; any other is replaced.

    Args:
        sample_dir: The folder of the samples, with `corpus.csv`, whose `url` names the folders.
        target: Where the repositories are made, `<target>/<sample>`.

    Returns:
        The rows of the samples' `corpus.csv`, with the repositories as their URLs.

    Raises:
        CorpusError: The samples' list or a manifest is wrong, or a sample is missing.
        GitError: Git isn't installed, or can't write there.
        OSError: The target can't be written.
    """
    target.mkdir(parents=True, exist_ok=True)
    entries = []
    for entry in read_corpus(sample_dir / "corpus.csv"):
        folder = Path(entry.url)
        if not folder.is_dir():
            raise CorpusError(f"{sample_dir / 'corpus.csv'}: the sample {folder.name} is missing")
        made = target.absolute() / folder.name
        _materialize_one(folder, made)
        entries.append(replace(entry, url=str(made)))
    return tuple(entries)


def fast_import_stream(manifest: Manifest, files: list[TreeFile]) -> bytes:
    """The commit as git-fast-import(1) reads it; equal samples give equal bytes."""
    when = f"{int(manifest.date.timestamp())} +0000"
    message = manifest.message.encode() + b"\n"
    head = f"commit refs/heads/main\nauthor {AUTHOR} {when}\ncommitter {AUTHOR} {when}\n"
    parts = [head.encode(), b"data %d\n" % len(message), message, b"\n"]
    for file in sorted(files, key=lambda file: file.path):
        parts += [b"M %s inline %s\n" % (file.mode.encode(), _quoted(file.path)), b"data %d\n" % len(file.data)]
        parts += [file.data, b"\n"]
    return b"".join([*parts, b"done\n"])


def _materialize_one(folder: Path, made: Path) -> None:
    manifest = _read_manifest(folder)
    stream = fast_import_stream(manifest, list(_files(folder, manifest)))
    digest = hashlib.sha256(stream).hexdigest()
    mark = made / ".git" / "mlx-tui-sample"
    if mark.is_file() and mark.read_text("utf-8") == digest:
        return
    building = Path(tempfile.mkdtemp(prefix=f".{made.name}.", dir=made.parent))
    try:
        run_git(building, "init", "--quiet", "--template=", "--object-format=sha1", "--initial-branch=main")
        run_git(building, "config", "core.symlinks", "false")
        with tempfile.TemporaryFile() as source:
            source.write(stream)
            source.seek(0)
            run_git(building, "fast-import", "--quiet", "--done", stdin=source)
        run_git(building, "reset", "--quiet", "--hard", "main")
        (building / ".git" / mark.name).write_text(digest, "utf-8")
        building.chmod(0o755)
        if made.exists():
            shutil.rmtree(made)
        building.rename(made)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


def _read_manifest(folder: Path) -> Manifest:
    path = folder / MANIFEST
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError as error:
        raise CorpusError(f"{path} is missing: it gives the date of the sample's commit") from error
    except msgspec.DecodeError as error:
        raise CorpusError(f"{path}: {error}") from error


def _files(folder: Path, manifest: Manifest) -> Iterator[TreeFile]:
    executable = {os.fsencode(path) for path in manifest.executable}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and name != Path(MANIFEST) and not _LEFT_BY_TOOLS & set(name.parts):
            yield _file(os.fsencode(name.as_posix()), path.read_bytes(), executable)
    for extra in manifest.file:
        path_bytes = base64.b64decode(extra.path_base64) if extra.path_base64 else extra.path.encode()
        if extra.link:
            yield TreeFile("120000", path_bytes, extra.link.encode())
        else:
            data = base64.b64decode(extra.base64) if extra.base64 else extra.text.encode(extra.encoding)
            yield _file(path_bytes, data, executable)


def _file(path: bytes, data: bytes, executable: set[bytes]) -> TreeFile:
    return TreeFile("100755" if path in executable else "100644", path, data)


def _quoted(path: bytes) -> bytes:
    """A path as fast-import reads it: in double quotes with C escapes, so that a line break can be in it."""
    escaped = path.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    return b'"' + re.sub(rb"[\x00-\x1f\x7f]", lambda found: b"\\%03o" % found[0][0], escaped) + b'"'
