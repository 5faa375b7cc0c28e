"""A study's own codebook: the documented example, and what is wrong with others."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.detection.codebook import Codebook, CodebookError, load_codebook
from mlx_tui.detection.model import RepositoryScan
from mlx_tui.detection.scanner import scan_repository
from tests.unit.detection.test_scanner import commit

PAGE = (Path(__file__).parents[3] / "docs" / "own-codebook.md").read_text()
EXAMPLE = next(block for block in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL) if "[[feature]]" in block)
CODE = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[0]
ERRORS = re.findall(r"^codebook\.toml:(\d+): (\w+): (.*)$", PAGE, re.MULTILINE)


@pytest.fixture
def codebook(tmp_path: Path) -> Codebook:
    return load(tmp_path, EXAMPLE)


def load(folder: Path, text: str) -> Codebook:
    (folder / "codebook.toml").write_text(text)
    return load_codebook(folder / "codebook.toml")


def scan(folder: Path, codebook: Codebook, files: dict[str, str]) -> RepositoryScan:
    sha = commit(folder / "r", {path: text.encode() for path, text in files.items()})
    return scan_repository("o/r", folder / "r", sha, codebook)


def found(result: RepositoryScan, *features: str) -> list[tuple[str, str, str]]:
    return [(f.feature, f.place, f.value) for f in result.findings if f.feature in features]


def test_the_example_adds_two_features_and_replaces_one(codebook: Codebook) -> None:
    assert len(codebook.features) == 50
    assert [feature.id for feature in codebook.features[-2:]] == ["wandb.metrics", "wandb.project"]
    assert codebook.identity.startswith("1.0-wandb+")
    assert codebook.replaced == {"parameters.logged"}


def test_the_example_finds_what_the_page_says(tmp_path: Path, codebook: Codebook) -> None:
    result = scan(tmp_path, codebook, {"train.py": CODE})
    assert found(result, "wandb.metrics", "wandb.project", "parameters.logged") == [
        ("parameters.logged", "train.py:6", ""),
        ("wandb.project", "train.py:6", "churn"),
        ("parameters.logged", "train.py:7", ""),
        ("wandb.metrics", "train.py:8", ""),
    ]
    assert not result.anomalies


def test_every_kind_of_rule_of_the_example_matches(tmp_path: Path, codebook: Codebook) -> None:
    files = {
        "config.yaml": "logger:\n  wandb:\n    project: a\n",
        "conf/model/big.yaml": "wandb: {project: b}\n",
        "other/model.yaml": "wandb: {project: c}\n",
        "wandb/settings": "[default]\nproject = d\n",
        "run.sh": "#!/bin/sh\nexport WANDB_PROJECT=e\n",
        "a.py": "import os\nos.environ['WANDB_PROJECT'] = 'f'\n",
    }
    places = {place for _, place, _ in found(scan(tmp_path, codebook, files), "wandb.project")}
    assert places == {"config.yaml:3", "conf/model/big.yaml:1", "wandb/settings:2", "run.sh:2", "a.py:2"}


def test_a_replaced_feature_counts_its_own_rules_alone(tmp_path: Path) -> None:
    text = """
[[feature]]
id = "dependencies.declared"
title = "Poetry"
dimension = "dependencies"
definition = "a lock of Poetry"

[[feature.rule]]
id = "lab.poetry"
kind = "file"
files = ["poetry.lock"]
"""
    files = {"requirements.txt": "mlflow==1.2\n", "poetry.lock": '[[package]]\nname = "mlflow"\nversion = "1.2"\n'}
    result = scan(tmp_path, load(tmp_path, text), files)
    assert found(result, "dependencies.declared") == [("dependencies.declared", "poetry.lock:1", "")]
    assert found(result, "dependencies.pinned")


FEATURE = """version = "lab"

[[feature]]
id = "lab.wandb"

title = "W&B"
dimension = "lab"
definition = "is used"

[[feature.rule]]
id = "lab.wandb.log"
note = "x"
kind = "call"
calls = ["wandb.log"]
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "message"),
    [
        ('kind = "call"', 'kind = "cal"', 13, "kind", "Invalid value 'cal'"),
        ("title =", "titel =", 6, "titel", "unknown key `titel`"),
        ('["wandb.log"]', "[]", 14, "calls", "the list is empty"),
        ('kind = "call"\ncalls = ["wandb.log"]', 'kind = "command"\npattern = "("', 14, "pattern", "not a regular exp"),
        (
            'kind = "call"\ncalls = ["wandb.log"]',
            'kind = "command"\npattern = "a"\nvalue_group = 1',
            15,
            "value_group",
            "0",
        ),
        ('kind = "call"\ncalls = ["wandb.log"]', 'kind = "check"\ncheck = "nothing"', 14, "check", "there are"),
        ('title = "W&B"\n', "", 3, "title", "the key is missing"),
        ('kind = "call"\n', "", 10, "kind", "the key is missing"),
        ('calls = ["wandb.log"]', 'calls = ["wandb log"]', 14, "calls", "no qualified name"),
        ('calls = ["wandb.log"]', 'calls = [""]', 14, "calls", "an entry is empty"),
        ('calls = ["wandb.log"]', 'calls = ["a", 3]', 14, "calls", "Expected `str`"),
        ('calls = ["wandb.log"]', 'calls = ["a"]\nsides = 1', 15, "sides", "unknown key"),
        ('id = "lab.wandb"\n', 'id = "lab wandb"\n', 4, "id", "no id of a feature"),
        ('id = "lab.wandb.log"', 'id = "usage.mlflow.import"', 11, "id", "declared twice"),
        ("definition =", "definition = =", 8, "not TOML", "Invalid value"),
        ("[[feature.rule]]", "[[rule]]", 10, "rule", "unknown key `rule`"),
    ],
)
def test_an_error_names_line_and_key(tmp_path: Path, old: str, new: str, line: int, key: str, message: str) -> None:
    assert old in FEATURE
    with pytest.raises(CodebookError) as caught:
        load(tmp_path, FEATURE.replace(old, new, 1))
    assert f"codebook.toml:{line}: {key}: " in str(caught.value)
    assert message in str(caught.value)


def test_the_errors_of_the_page_are_those_of_the_program(tmp_path: Path) -> None:
    changes = {
        "kind": ('kind = "call"', 'kind = "cal"'),
        "titel": ("title =", "titel ="),
        "calls": ('["wandb.log"]', "[]"),
        "pattern": ('kind = "call"\ncalls = ["wandb.log"]', 'kind = "command"\npattern = "("'),
    }
    assert {key for _, key, _ in ERRORS} == set(changes)
    for line, key, message in ERRORS:
        with pytest.raises(CodebookError) as caught:
            load(tmp_path, FEATURE.replace(*changes[key], 1))
        assert str(caught.value).endswith(f"codebook.toml:{line}: {key}: {message}")


INTEGRATION = """
[[integration]]
id = "lab.logger"
calls = ["lab.Logger"]
features = ["{feature}"]
"""


def test_an_integration_counts_for_features_that_there_are(tmp_path: Path) -> None:
    codebook = load(tmp_path, INTEGRATION.format(feature="metrics.logged"))
    result = scan(tmp_path, codebook, {"a.py": "import lab\nlab.Logger()\n"})
    assert found(result, "metrics.logged") == [("metrics.logged", "a.py:2", "")]
    with pytest.raises(CodebookError, match=r"codebook\.toml:5: features: the codebook has no feature 'no\.such'"):
        load(tmp_path, INTEGRATION.format(feature="no.such"))


def test_what_is_not_utf8_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "codebook.toml").write_bytes(b'version = "a"\n# \xff\n')
    with pytest.raises(CodebookError, match=r"codebook\.toml:2: not UTF-8"):
        load_codebook(tmp_path / "codebook.toml")


WORDS = st.sampled_from(
    (
        *("[[feature]]\n", "[[feature.rule]]\n", "[[integration]]\n", "\n", *"[]{}=.\"'#,3"),
        *("id = ", "kind = ", '"call"', "calls = ", '["a.b"]', "title = ", "dimension = ", "definition = "),
        *('"x.y"', "true", "features = ", "version = "),
    )
)


@given(st.lists(WORDS, max_size=40).map("".join))
def test_any_text_is_a_codebook_or_an_error_with_a_line(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    try:
        load(tmp_path_factory.getbasetemp(), text)
    except CodebookError as error:
        assert re.search(r"codebook\.toml:\d+: ", str(error))


@given(st.integers(0, len(EXAMPLE)), st.integers(0, 60))
def test_a_damaged_example_is_a_codebook_or_an_error_with_a_line(
    tmp_path_factory: pytest.TempPathFactory, start: int, length: int
) -> None:
    try:
        load(tmp_path_factory.getbasetemp(), EXAMPLE[:start] + EXAMPLE[start + length :])
    except CodebookError as error:
        assert re.search(r"codebook\.toml:\d+: ", str(error))
