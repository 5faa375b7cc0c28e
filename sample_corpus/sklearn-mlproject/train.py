"""Fits the classifier once and records the run."""

import argparse
import json
from pathlib import Path

import mlflow
import mlflow.sklearn
from mlflow.models import infer_signature
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, log_loss

from wine.data import MEASUREMENTS, load, split
from wine.model import build

REPORT = Path("confusion.json")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--c", type=float, default=0.5)
    parser.add_argument("--l1-ratio", type=float, default=0.5)
    parser.add_argument("--seed", type=float, default=42)
    arguments = parser.parse_args()
    seed = int(arguments.seed)

    train, test = split(load(), seed)
    columns = list(MEASUREMENTS)

    with mlflow.start_run(run_name="elastic-net"):
        mlflow.set_tag("task", "classification")
        mlflow.log_params({"c": arguments.c, "l1_ratio": arguments.l1_ratio, "seed": seed, "test_size": 0.25})

        model = build(arguments.c, arguments.l1_ratio, seed).fit(train[columns], train["target"])
        predicted = model.predict(test[columns])
        probabilities = model.predict_proba(test[columns])

        accuracy = accuracy_score(test["target"], predicted)
        mlflow.log_metric("accuracy", accuracy)
        mlflow.log_metric("f1_macro", f1_score(test["target"], predicted, average="macro"))
        mlflow.log_metric("log_loss", log_loss(test["target"], probabilities))

        REPORT.write_text(json.dumps(confusion_matrix(test["target"], predicted).tolist()))
        mlflow.log_artifact(str(REPORT))
        mlflow.sklearn.log_model(
            model,
            name="model",
            signature=infer_signature(train[columns], probabilities),
            pip_requirements="requirements.txt",
        )
    print(f"accuracy {accuracy:.4f}")


if __name__ == "__main__":
    main()
