"""Sweeps the penalty, registers the best model and moves the alias `champion` to it."""

import mlflow
import mlflow.sklearn
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.model_selection import cross_val_score

from sweep import EXPERIMENT, MODEL
from sweep.tracker import Tracker

PENALTIES = (0.01, 0.03, 0.1, 0.3, 1.0)


def main() -> None:
    features, target = load_diabetes(return_X_y=True, as_frame=True)
    tracker = Tracker(EXPERIMENT)
    parent = tracker.start("sweep")
    scores: dict[float, float] = {}
    for penalty in PENALTIES:
        child = tracker.start(f"alpha={penalty}", parent)
        scores[penalty] = float(cross_val_score(Ridge(alpha=penalty), features, target, cv=5).mean())
        tracker.record(child, {"alpha": penalty}, {"cv_r2": scores[penalty]})
        tracker.finish(child)
        print(f"alpha={penalty:<5} cv_r2={scores[penalty]:.6f}")

    best = max(scores, key=scores.__getitem__)
    tracker.record(parent, {"best_alpha": best}, {"best_cv_r2": scores[best]})
    tracker.finish(parent)

    with mlflow.start_run(experiment_id=tracker.experiment_id, run_name="final"):
        model = Ridge(alpha=best).fit(features, target)
        mlflow.log_input(mlflow.data.from_pandas(features.assign(target=target), name="diabetes"), context="training")
        mlflow.log_metric("train_r2", model.score(features, target))
        mlflow.sklearn.log_model(
            model,
            name="model",
            input_example=features.head(3),
            registered_model_name=MODEL,
            pip_requirements=["scikit-learn==1.8.0"],
        )
    newest = max(tracker.client.search_model_versions(f"name='{MODEL}'"), key=lambda version: int(version.version))
    tracker.client.set_registered_model_alias(MODEL, "champion", newest.version)
    print(f"champion: {MODEL} version {newest.version}, alpha={best}")


if __name__ == "__main__":
    main()
