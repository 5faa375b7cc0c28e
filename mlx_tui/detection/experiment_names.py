"""What the name of a script, module or task says: that it trains, or that it does something else."""

import re

_TRAINS = re.compile(
    r"(?:^|[_\-./\\:])(?:re|pre)?(?:train(?:s|ing|er|_?\w*)?|experiments?|exp|fit|pipelines?|repro|tune|tuning|hpo|hyperopt"
    r"|hyperparam\w*|finetune\w*|main)(?=$|[_\-./\\:\d])|train|experiment(?!al)|pipeline|modell?ing",
    re.IGNORECASE,
)
_OTHER_WORDS = (
    *(
        r"tests?",
        "lint",
        "setup",
        r"install\w*",
        r"download\w*",
        r"fetch\w*",
        r"get_?data",
        r"make_?dataset",
        "data",
        "docs?",
    ),
    *(
        r"preprocess\w*",
        r"prepare\w*",
        "prep",
        r"clean\w*",
        r"split\w*",
        r"ingest\w*",
        r"extract\w*",
        r"load\w*",
        r"seed_?db",
    ),
    *(
        r"deploy\w*",
        r"serve\w*",
        "serving",
        "server",
        r"predict\w*",
        "inference",
        "infer",
        "app",
        "api",
        "wsgi",
        "client",
    ),
    *("dashboard", "ui", r"streamlit\w*", r"start_?mlflow\w*", r"mlflow_?(?:server|ui)\w*", r"request\w*", r"score\w*"),
    *(
        "build",
        "push",
        "pull",
        "format",
        r"migrat\w*",
        r"register\w*",
        r"promot\w*",
        r"release\w*",
        r"publish\w*",
        "manage",
    ),
    *(
        r"monitor\w*",
        r"upload\w*",
        r"init\w*",
        r"visuali[sz]e\w*",
        r"plot\w*",
        r"report\w*",
        r"evaluat\w*",
        r"evals?",
        "conf",
    ),
    *(r"collect\w*", r"compare\w*", r"warm_?up\w*", r"send\w*", r"simulat\w*", r"generate\w*", r"create\w*"),
    *(r"validat\w*", r"check\w*", r"export\w*", r"convert\w*", r"drift\w*"),
)
_OTHERWISE = re.compile(rf"(?:^|[_\-./\\:])(?:{'|'.join(_OTHER_WORDS)})(?=$|[_\-./\\:\d])", re.IGNORECASE)
_KEEPS_RECORDS = re.compile(
    r"(?:^|[_\-./])(?:dump|list|export|import|delete|remove|restore|copy|create|get|search|show|view|describe|compare"
    r"|download|upload|clean|setup|init|find|report|plot|visuali[sz]e|summari[sz]e|analy[sz]e)\w*[_-]experiments?",
    re.IGNORECASE,
)
"""What is done to experiments that have run."""


def says_train(name: str) -> bool:
    """Whether a script's, module's or task's name says train, experiment, fit, pipeline or main."""
    stem = re.sub(r"\.(py|sh|R|r|ipynb|bat|ps1|yml|yaml)$", "", name.replace("\\", "/"))
    last = stem.rsplit("/", 1)[-1].rsplit(".", 1)[-1]
    if re.match(r"tests?[_-]|.*[_-]tests?$", last) or re.search(
        r"split|constrain|restrain|trained", last, re.IGNORECASE
    ):
        return False
    if _KEEPS_RECORDS.search(last):
        return False
    return bool(_TRAINS.search(last))


def says_otherwise(name: str) -> bool:
    """Whether a name says that something else is done: tests, data preparation, serving, deployment."""
    stem = re.sub(r"\.(py|sh|R|r|ipynb|bat|ps1)$", "", name.replace("\\", "/"))
    last = stem.rsplit("/", 1)[-1].rsplit(".", 1)[-1]
    if _KEEPS_RECORDS.search(last):
        return True
    return bool(_OTHERWISE.search(last)) and not re.search(r"train|experiment(?!al)", last, re.IGNORECASE)
