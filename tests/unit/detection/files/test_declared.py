from pathlib import Path

from mlx_tui.detection.codebook import load_codebook
from mlx_tui.detection.files import declared, scripts, yaml_files
from mlx_tui.detection.model import Anomaly
from mlx_tui.detection.source import RepositoryView

OWN = """
[[feature]]
id = "own.files"
title = "x"
dimension = "own"
definition = "x"
[[feature.rule]]
id = "own.files.name"
kind = "file"
files = ["conf/**/*.yaml"]
contains = "^secret:"
[[feature.rule]]
id = "own.files.key"
kind = "key"
files = ["*.yaml", "*.toml", "*.json"]
keys = ["a.*.b", "**.deep"]
value = "yes"
[[feature.rule]]
id = "own.files.command"
kind = "command"
pattern = "^wandb (sync)"
value_group = 1
[[feature.rule]]
id = "own.files.variable"
kind = "environment"
names = ["WANDB_MODE"]
value = "off"
"""


def test_a_studys_own_rules_apply_to_files(tmp_path: Path) -> None:
    (tmp_path / "codebook.toml").write_text(OWN)
    files = {
        "conf/x/y.yaml": "z: 1\nsecret: 2\n",
        "k.yaml": "a:\n  - b: yes it is\n  - b: no\n",
        "k.toml": '[x.y]\ndeep = "yes"\n',
        "broken.json": "{",
        "run.sh": "#!/bin/sh\nwandb sync x\nexport WANDB_MODE=offline\n",
        "ci.yaml": "run: wandb sync y\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    view = RepositoryView(tmp_path, tuple(files), tuple(files))
    codebook = load_codebook(tmp_path / "codebook.toml")
    items = list(declared.match_repository(view, codebook))
    items += scripts.match(view.open("run.sh"), view, codebook)
    items += yaml_files.match(view.open("ci.yaml"), view, codebook)
    found = {(item.rule, item.place, item.value) for item in items if not isinstance(item, Anomaly)}
    assert found == {
        ("own.files.name", "conf/x/y.yaml:2", ""),
        ("own.files.key", "k.yaml:2", "yes it is"),
        ("own.files.key", "k.toml:2", "yes"),
        ("own.files.command", "run.sh:2", "sync"),
        ("own.files.command", "ci.yaml:1", "sync"),
        ("own.files.variable", "run.sh:3", "offline"),
    }
    assert [item.path for item in items if isinstance(item, Anomaly)] == ["broken.json"]
