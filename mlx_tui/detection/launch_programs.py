"""The programs of command lines: which launch something, with what words, and which never do."""

import re

PYTHON = re.compile(
    r"(?:.*[/\\])?(?:i?python|pypy|py)[\d.]*w?(?:\.exe)?$|\$[({]?\w*(?:PY|py)\w*[)}]?$|sys\.executable$"
)
"""A word that runs Python: its path, a make or shell variable, `sys.executable`."""
RUNNERS = frozenset(
    [
        *("torchrun", "deepspeed", "accelerate", "spark-submit", "horovodrun", "coverage", "kernprof", "dbx", "ray"),
        *("papermill", "runipy", "Rscript", "ipython", "uv", "poetry", "pipenv", "pdm", "rye", "hatch", "pixi"),
        *("bash", "sh", "zsh", "source", ".", "srun", "sbatch", "mpirun", "mpiexec", "xvfb-run", "modal", "python3"),
    ]
)
"""Programs that run the script, module or program that is named behind them."""
PACKAGE_RUNNERS = frozenset({"uv", "poetry", "pipenv", "pdm", "rye", "hatch", "pixi"})
"""Package managers whose `run` starts a program in the project's environment."""
SCRIPT_FILE = re.compile(r"[^\s=]+\.(?:py|sh|bash|R|r|ipynb|bat|cmd|ps1)$")
"""A word that names a script or a notebook."""
NOTEBOOK_VERBS = frozenset({"nbconvert", "execute", "notebook", "lab", "run"})
"""With one of these, `jupyter` opens or runs a notebook."""
TASK_RUNNERS = {
    "make": "make",
    "gmake": "make",
    "just": "just",
    "task": "task",
    "poe": "poe",
    "invoke": "invoke",
    "inv": "invoke",
    "tox": "tox",
    "nox": "nox",
    "mise": "mise",
}
"""Program to the task runner that it belongs to."""
JOBS = (
    ("dbx", "launch"),
    ("dbx", "execute"),
    ("databricks", "bundle", "run"),
    ("az", "ml", "job", "create"),
    ("gcloud", "ai", "custom-jobs", "create"),
    ("gcloud", "ai-platform", "jobs", "submit", "training"),
)
"""Beginnings of command lines that have a platform run a job."""
JOB_OPTIONS = frozenset({"--job", "--job-name", "--file", "-f", "--display-name", "--workflow"})
"""Options that name the job or its file."""
SERVERS = frozenset({"uvicorn", "gunicorn", "hypercorn", "waitress-serve", "streamlit", "flask", "fastapi", "bentoml"})
"""Programs that serve an application."""
SKIPPED = frozenset(
    [
        *("pip", "pip3", "conda", "mamba", "apt", "apt-get", "brew", "git", "curl", "wget", "virtualenv", "pyenv"),
        *("cd", "mkdir", "cat", "echo", "cp", "mv", "rm", "ls", "export", "chmod", "grep", "find", "touch", "less"),
        *("pytest", "py.test", "black", "flake8", "pylint", "ruff", "mypy", "isort", "pre-commit", "bandit", "yapf"),
        *("vim", "nano", "code", "unzip", "tar", "kaggle", "twine", "sphinx-build", "mkdocs", "autopep8", "dos2unix"),
        *(
            "printf",
            "test",
            "[",
            "[[",
            "aws",
            "gsutil",
            "scp",
            "rsync",
            "open",
            "set",
            "setx",
            "shellcheck",
            "hadolint",
        ),
        *("terraform", "tofu", "helm", "kubectl", "systemctl", "gcloud", "az", "heroku", "minikube"),
        *("ansible-playbook", "sleep", "trap", "wait", "return", "exit", "read", "usermod", "ssh-keygen"),
    ]
)
"""Programs that install, test, lint, copy, print or administer: what is named behind them isn't launched."""
PYTHON_OPTION_WITH_VALUE = frozenset({"-W", "-X", "-Q"})
"""Options of Python whose value is the next word."""
NOT_RUN_MODULES = re.compile(
    r"(?:pip|venv|virtualenv|pytest|unittest|ensurepip|black|flake8|pylint|mypy|ruff|isort|ipykernel|build|twine|http\.server"
    r"|json\.tool|coverage|nltk|spacy|webbrowser|site|compileall|py_compile|doctest|pre_commit|bandit|pdoc|mkdocs|conda)\b"
)
"""Modules behind `python -m` that aren't an experiment's."""
