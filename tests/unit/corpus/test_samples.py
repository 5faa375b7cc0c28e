import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlx_tui.corpus.clone_cache import CloneCache
from mlx_tui.corpus.entries import CorpusError
from mlx_tui.corpus.fetching import fetch_all
from mlx_tui.corpus.git import head_commit
from mlx_tui.corpus.git_process import run_git
from mlx_tui.corpus.model import CloneStatus
from mlx_tui.corpus.samples import materialize
from mlx_tui.paths import sample_corpus_dir

# A change of a sample changes its commit: put the new one here, knowingly.
COMMITS = {
    "autolog-notebook": "b7c992e9b8e9c2c2e01f3563c383457b78dd463c",
    "central-server": "f36a4f1f9ae234d248b2136787db0b2a8f528105",
    "chatty": "c659409efb96a26c741c290c3fd1616b8eb089a8",
    "ci-dvc": "8e77a5aaf692ef9e59d0e7f56314fb4f9717c9c5",
    "client-api": "1835467f70cc32fd5ec94bc5917e0b992f9cb417",
    "hostile": "2cca90aadb889bd4f43b9e4ebb381c12737cc3d7",
    "hydra-lightning": "68873184f1fc0c07ace31ae9eea97c2e74a41143",
    "legacy-conda": "16e7ce8912f696fb02d964e2084cf8f7a387792a",
    "lookalike": "c1f3f395d6c076661591cf7c23b01e06fbb73f9d",
    "missing-data": "2c05957f8bb073d549c197831a4237b7286d4c90",
    "missing-module": "149bbdcdada6271a0fff0501d25f547e1f031f80",
    "noisy-mlp": "710acf3b7066b78e42c17584be00f45782bd9a04",
    "r-project": "de764d7e2877bff92b852a76e6b4bba019e9bad3",
    "sklearn-mlproject": "58e0af518264cb168580e151be360619eeb8b1fd",
}


@pytest.fixture(scope="module")
def samples(tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("samples")
    materialize(sample_corpus_dir(), target)
    return target


def commits(target: Path) -> dict[str, str]:
    return {path.name: head_commit(path) for path in sorted(target.iterdir())}


def test_commits_are_the_same_on_every_machine(samples):
    assert commits(samples) == COMMITS


def test_neither_configuration_nor_umask_nor_locale_nor_leftovers_change_a_commit(tmp_path):
    source = tmp_path / "samples"
    shutil.copytree(sample_corpus_dir(), source)
    for path in source.rglob("*"):
        path.chmod(0o700)
    (source / "noisy-mlp/__pycache__").mkdir()
    (source / "noisy-mlp/__pycache__/train.cpython-311.pyc").write_bytes(b"x")
    config = tmp_path / "home/.gitconfig"
    config.parent.mkdir()
    config.write_text(
        "[user]\nname = someone\nemail = x@example.org\n[core]\nautocrlf = true\n"
        "[init]\ndefaultBranch = trunk\ndefaultObjectFormat = sha256\n[commit]\ngpgSign = true\n"
    )
    script = (
        "import os, sys; from pathlib import Path; os.umask(0o077)\n"
        "from mlx_tui.corpus.samples import materialize\n"
        "materialize(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    environment = os.environ | {
        "HOME": str(config.parent),
        "GIT_CONFIG_GLOBAL": str(config),
        "LC_ALL": "tr_TR.UTF-8",
        "TZ": "Asia/Kathmandu",
        "GIT_AUTHOR_NAME": "someone",
        "GIT_COMMITTER_DATE": "2001-01-01T00:00:00",
    }
    subprocess.run([sys.executable, "-c", script, str(source), str(tmp_path / "out")], env=environment, check=True)
    assert commits(tmp_path / "out") == COMMITS


def test_a_second_time_leaves_what_is_there_and_replaces_what_changed(tmp_path):
    source, target = tmp_path / "samples", tmp_path / "out"
    (source / "one").mkdir(parents=True)
    (source / "corpus.csv").write_text("url,domain\none,test\n")
    (source / "one/sample.toml").write_text("date = 2024-01-01T00:00:00Z\n")
    (source / "one/train.py").write_text("import mlflow\n")
    entries = materialize(source, target)
    assert entries == materialize(source, target)
    assert [(e.repo, e.url, e.columns) for e in entries] == [("one", str(target / "one"), (("domain", "test"),))]
    before, inode = head_commit(target / "one"), (target / "one").stat().st_ino
    materialize(source, target)
    assert (target / "one").stat().st_ino == inode
    (source / "one/train.py").write_text("import mlflow  # changed\n")
    materialize(source, target)
    assert head_commit(target / "one") != before
    assert [path.name for path in target.iterdir()] == ["one"]


def test_hostile_names_links_and_encodings_are_in_the_commit(samples):
    listed = run_git(samples / "hostile", "ls-tree", "-r", "-z", "HEAD").split(b"\0")
    modes = {line.partition(b"\t")[2]: line[:6] for line in listed if line}
    assert modes[b"line\nbreak.py"] == b"100644"
    assert modes[b"d[0][/foo]/[red]train[/red].py"] == b"100644"
    assert modes[b"title\x1b]0;owned\x07.py"] == b"100644"
    assert modes["evil\u202etxt.py".encode()] == b"100644"
    assert modes[b"caf\xe9.py"] == b"100644"
    assert modes[b"--help.sh"] == b"100755"
    assert modes[b"passwords.py"] == modes[b"loop"] == b"120000"
    assert run_git(samples / "hostile", "cat-file", "blob", "HEAD:passwords.py") == b"/etc/passwd"
    assert run_git(samples / "hostile", "cat-file", "blob", "HEAD:empty.ipynb") == b""
    assert run_git(samples / "hostile", "cat-file", "blob", "HEAD:requirements.txt").decode("utf-16").startswith("ml")
    assert b"sample.toml" not in modes
    assert not any(path.is_symlink() for path in (samples / "hostile").rglob("*"))


def test_all_are_cloned_and_whole(samples, tmp_path):
    cache = CloneCache(tmp_path)
    entries = materialize(sample_corpus_dir(), samples)
    clones = fetch_all(entries, cache, {}, 2, lambda progress: None, threading.Event())
    assert {clone.repo: clone.commit for clone in clones} == COMMITS
    assert {clone.status for clone in clones} == {CloneStatus.READY}
    assert cache.verify() == ()


def test_no_path_of_a_machine_is_in_a_sample():
    for path in sample_corpus_dir().rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not any(part in data for part in (b"/home/", b"/root", b"/work/", b"file:///", b"site-packages")), (
                path
            )


@pytest.mark.parametrize(
    ("manifest", "message"),
    [(None, r"sample.toml is missing"), ("date = 3\n", "Expected `datetime`"), ("date = \n", "sample.toml: ")],
)
def test_a_wrong_manifest(tmp_path, manifest, message):
    (tmp_path / "one").mkdir()
    (tmp_path / "corpus.csv").write_text("url\none\n")
    if manifest is not None:
        (tmp_path / "one/sample.toml").write_text(manifest)
    with pytest.raises(CorpusError, match=message):
        materialize(tmp_path, tmp_path / "out")


@settings(deadline=None, max_examples=15)
@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0/"), min_size=1, max_size=20).filter(
            lambda name: not name.strip(". ~").lower().startswith("git") and name.strip(".") != ""
        ),
        st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
        min_size=1,
        max_size=5,
    )
)
def test_any_name_and_text_arrive_as_they_are(tmp_path_factory, files):
    import base64

    folder = tmp_path_factory.mktemp("any")
    (folder / "one").mkdir()
    (folder / "corpus.csv").write_text("url\none\n")
    lines = ["date = 2024-01-01T00:00:00Z"]
    for name, text in files.items():
        encoded = [base64.b64encode(value.encode()).decode() for value in ("x" + name, text)]
        lines += ["[[file]]", f'path_base64 = "{encoded[0]}"', f'base64 = "{encoded[1]}"']
    (folder / "one/sample.toml").write_text("\n".join(lines))
    materialize(folder, folder / "out")
    listed = run_git(folder / "out/one", "ls-tree", "-r", "-z", "--name-only", "HEAD").split(b"\0")
    assert set(listed[:-1]) == {("x" + name).encode() for name in files}
    for name, text in files.items():
        found = run_git(folder / "out/one", "ls-tree", "-z", "HEAD", "--", ":(literal)x" + name).split()[2]
        assert run_git(folder / "out/one", "cat-file", "blob", found.decode()) == text.encode()
