"""Prints the sweep's runs and checks that the champion answers."""

import mlflow
from sklearn.datasets import load_diabetes

from sweep import EXPERIMENT, MODEL
from sweep.tracker import Tracker


@mlflow.trace
def predict(model, rows):
    return model.predict(rows)


def main() -> None:
    client = Tracker(EXPERIMENT).client
    experiment = client.get_experiment_by_name(EXPERIMENT)
    for run in client.search_runs([experiment.experiment_id], order_by=["metrics.cv_r2 DESC"]):
        print(run.info.run_name, run.data.metrics)
    champion = mlflow.sklearn.load_model(f"models:/{MODEL}@champion")
    print(predict(champion, load_diabetes(as_frame=True).data.head(1)))


if __name__ == "__main__":
    main()
