"""What is foreseen from the code."""

from pathlib import Path

import pytest

from mlx_tui.reproduction.code_index import CodeIndex
from mlx_tui.reproduction.environment import read_environment
from mlx_tui.reproduction.environment_needs import missing_programs, packages_of_other_systems
from mlx_tui.reproduction.foresight import foresee
from mlx_tui.reproduction.model import (
    Candidate,
    Cause,
    CommandSource,
    EnvironmentSpec,
    Foresight,
    Need,
    NeedKind,
    Step,
    StepKind,
)
from mlx_tui.reproduction.needs import find_needs
from mlx_tui.reproduction.worktree import WorkTree
from tests.unit.reproduction.clones import write


def needs_of(folder: Path, code: str, workdir: str = ".", path: str = "train.py") -> dict[str, Need]:
    write(folder, path, code)
    step = Step(StepKind.COMMAND, f"python {Path(path).name}", workdir)
    candidate = Candidate((step,), CommandSource.SCRIPT, path, 1)
    spec, _ = read_environment(folder, candidate)
    return {need.what: need for need in find_needs(folder, candidate, environment=spec)}


def test_files_that_are_there_missing_or_made_by_the_code(tmp_path: Path) -> None:
    write(tmp_path, "ml/data/here.csv", "a\n")
    found = needs_of(
        tmp_path,
        """
        import os, joblib, pandas as pd
        from pathlib import Path
        ROOT = "data"
        pd.read_csv(os.path.join(ROOT, "here.csv"))
        pd.read_csv(Path(ROOT) / "gone.csv")
        joblib.dump(1, "model.joblib")
        joblib.load("model.joblib")
        with open("out.txt", "w") as f: f.write("x")
        open("out.txt")
        open(unknown())
        """,
        "ml",
        "ml/train.py",
    )
    assert {name: need.met for name, need in found.items()} == {"data/here.csv": True, "data/gone.csv": False}
    assert found["data/gone.csv"].place == "ml/train.py:5"
    assert foresee(tuple(found.values()))[1] == "fails, missing_data: data/gone.csv"


@pytest.mark.parametrize(
    ("code", "kind", "what", "met"),
    [
        ('import pandas as pd\npd.read_csv("/home/me/x.csv")', NeedKind.PATH, "/home/me/x.csv", False),
        ('import pandas as pd\npd.read_csv(r"C:\\\\x\\\\y.csv")', NeedKind.PATH, r"C:\\x\\y.csv", False),
        ('import pandas as pd\npd.read_csv("https://u:p@example.org/x.csv")', NeedKind.HOST, "example.org", None),
        ('import pandas as pd\npd.read_csv("s3://bucket/x.csv")', NeedKind.HOST, "s3://bucket", None),
        ('import os\nos.environ["API_KEY"]', NeedKind.CREDENTIAL, "API_KEY", False),
        ('import os\nos.getenv("API_TOKEN")', NeedKind.CREDENTIAL, "API_TOKEN", None),
        ('import os\nos.environ["MLFLOW_TRACKING_URI"]', NeedKind.CREDENTIAL, "MLFLOW_TRACKING_URI", True),
        (
            "from sklearn.datasets import fetch_openml\nfetch_openml('x')",
            NeedKind.HOST,
            "data host of fetch_openml",
            None,
        ),
        ("from google.colab import drive", NeedKind.MODULE, "google.colab (only on Google Colab)", False),
    ],
)
def test_one_need(tmp_path: Path, code: str, kind: NeedKind, what: str, met: bool | None) -> None:
    found = needs_of(tmp_path, code)
    assert (found[what].kind, found[what].met) == (kind, met)


def test_what_is_redirected_or_given_is_no_need(tmp_path: Path) -> None:
    found = needs_of(
        tmp_path, 'import os, mlflow\nmlflow.set_tracking_uri("http://example.org:5000")\nos.getenv("X", "y")\n'
    )
    assert found == {}


def test_modules_that_were_never_committed_or_never_listed(tmp_path: Path) -> None:
    write(tmp_path, "requirements.txt", "mlflow\nscikit-learn\n")
    write(tmp_path, "pkg/__init__.py", "")
    write(tmp_path, "pkg/there.py", "")
    found = needs_of(
        tmp_path, "import mlflow, sklearn, numpy\nfrom pkg.gone import x\nfrom pkg import there, y\nimport helperz\n"
    )
    assert {name for name, need in found.items() if need.met is False} == {"pkg.gone", "helperz"}


def test_a_gpu_is_optional_where_the_code_asks_for_it(tmp_path: Path) -> None:
    certain = needs_of(tmp_path / "a", 'import torch\ntorch.zeros(1).to("cuda")\n')["GPU"]
    asked = needs_of(tmp_path / "b", 'import torch\nd = torch.device("cuda" if torch.cuda.is_available() else "cpu")\n')
    if certain.met is not True:
        assert certain.met is False
        assert all(need.met is None for need in asked.values() if need.kind is NeedKind.HARDWARE)


def test_hosts_of_the_configuration_and_none_without_a_network(tmp_path: Path) -> None:
    write(tmp_path, "config/config.yaml", "source_URL: https://example.org/data.zip\nserver: http://localhost:5000/x\n")
    write(tmp_path, "train.py", "import urllib.request as r\nr.urlretrieve(config.source_URL, 'x')\n")
    candidate = Candidate((Step(StepKind.COMMAND, "python train.py"),), CommandSource.SCRIPT, "train.py", 1)
    (need,) = find_needs(tmp_path, candidate)
    assert (need.what, need.place, need.met) == ("example.org", "config/config.yaml:1", None)
    assert foresee(find_needs(tmp_path, candidate, network=False))[1] == "fails, network: example.org"


def test_what_a_pipeline_reads_from_its_remote(tmp_path: Path) -> None:
    stages = """
        stages:
          prepare: {cmd: python prepare.py, deps: [data/raw, python, prepare.py], outs: [data/clean]}
          train: {cmd: python train.py, deps: [data/clean/x.csv, given.csv, gone.csv]}
    """
    write(tmp_path, "dvc.yaml", stages)
    for path in ("data/raw.dvc", "given.csv", "prepare.py", "train.py"):
        write(tmp_path, path, "")
    candidate = Candidate((Step(StepKind.COMMAND, "python prepare.py"),), CommandSource.DVC, "dvc.yaml", 1)
    found = [(need.what, need.met) for need in find_needs(tmp_path, candidate)]
    assert found == [("data/raw", False), ("gone.csv", False)]


def environment(*requirements: str, as_of: str = "") -> EnvironmentSpec:
    return EnvironmentSpec("requirements", "r.txt", "", "/usr/bin/python3", "3.11.7", requirements, as_of=as_of)


def test_a_line_that_no_installer_understands_fails_the_environment(tmp_path: Path) -> None:
    write(tmp_path, "train.py", "import seaborn\n")
    candidate = Candidate((Step(StepKind.COMMAND, "python train.py"),), CommandSource.SCRIPT, "train.py", 1)
    fine = (
        "-e .",
        "./wheels/x.whl",
        "git+https://x/y.git",
        "a[b]>=1; python_version<'3'",
        "seaborn==0.13 --hash=sha256:0",
    )
    spec = environment(*fine, "six==1.0    - joblib==1.3.2")
    found = find_needs(tmp_path, candidate, environment=spec)
    assert [(need.kind, need.place) for need in found if need.met is False] == [(NeedKind.PACKAGE, "r.txt")]
    assert foresee(found) == (Foresight(Cause.ENVIRONMENT), f"fails, environment: {found[0].what}")


def test_what_mlflow_brings_along_since_2(tmp_path: Path) -> None:
    write(tmp_path, "train.py", "import sklearn.svm\n")
    candidate = Candidate((Step(StepKind.COMMAND, "python train.py"),), CommandSource.SCRIPT, "train.py", 1)

    def missing(*requirements: str, as_of: str = "") -> list[str]:
        found = find_needs(tmp_path, candidate, environment=environment(*requirements, as_of=as_of))
        return [need.what for need in found if need.met is False]

    assert missing("mlflow") == missing("mlflow==2.9.2", as_of="2020-01-01T00:00:00Z") == []
    assert missing("mlflow", as_of="2020-11-03T00:00:00Z") == missing("mlflow==1.30.0") == ["sklearn"]
    assert missing("mlflow", "scikit-learn", as_of="2020-11-03T00:00:00Z") == []


def test_what_no_installer_brings_here_is_foreseen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "train.py", "import mlflow\nimport pyspark\n")
    spec = EnvironmentSpec("requirements", "r.txt", "", "/p", "3.11.7", ("pywin32==307", "wmi; os_name == 'nt'"))
    assert [need.what for need in packages_of_other_systems(spec)] == ["pywin32, which is of another system"]
    files = CodeIndex(WorkTree(tmp_path)).scripts.values()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    told = [(need.what, need.place) for need in missing_programs(files)]
    assert told == [("java, which pyspark starts", "train.py:2")]
    monkeypatch.setenv("JAVA_HOME", "/java")
    assert missing_programs(files) == []
