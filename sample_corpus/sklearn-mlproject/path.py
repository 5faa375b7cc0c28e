"""Follows the regularisation path: one nested run for each strength."""

import argparse

import mlflow
from sklearn.model_selection import cross_val_score

from wine.data import load
from wine.model import build

STRENGTHS = [0.01, 0.1, 0.5, 1.0, 10.0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--l1-ratio", type=float, default=0.5)
    arguments = parser.parse_args()
    frame = load()
    features, target = frame.drop(columns="target"), frame["target"]
    with mlflow.start_run(run_name="path"):
        for step, c in enumerate(STRENGTHS):
            with mlflow.start_run(run_name=f"c={c}", nested=True):
                scores = cross_val_score(build(c, arguments.l1_ratio, 42), features, target, cv=5)
                mlflow.log_param("c", c)
                mlflow.log_metric("cv_accuracy", scores.mean())
            mlflow.log_metric("path_accuracy", scores.mean(), step=step)


if __name__ == "__main__":
    main()
