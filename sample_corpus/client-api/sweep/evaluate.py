"""Evaluates the champion on the whole data set and keeps the numbers in a run of its own."""

import mlflow
from sklearn.datasets import load_diabetes

from sweep import EXPERIMENT, MODEL


def main() -> None:
    frame = load_diabetes(as_frame=True).frame
    mlflow.set_experiment(EXPERIMENT)
    with mlflow.start_run(run_name="evaluation"):
        result = mlflow.models.evaluate(
            f"models:/{MODEL}@champion",
            frame,
            targets="target",
            model_type="regressor",
            evaluator_config={"log_explainer": False},
        )
    print(f"r2 {result.metrics['r2_score']:.4f}")


if __name__ == "__main__":
    main()
