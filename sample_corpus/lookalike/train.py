import argparse

from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import cross_val_score
from sklearn.tree import DecisionTreeClassifier

from tracking import CometTracker, WandbTracker

# import mlflow
# mlflow.autolog()
TRACKERS = {"comet": CometTracker, "wandb": WandbTracker}
HELP = "where results go; `mlflow.log_metric(...)` and mlflow.start_run() are gone since 0.5"


def main():
    parser = argparse.ArgumentParser(epilog=HELP)
    parser.add_argument("--tracker", choices=TRACKERS, default="comet")
    parser.add_argument("--depth", type=int, default=3)
    args = parser.parse_args()
    tracker = TRACKERS[args.tracker]("tabular-baselines")
    tracker.log_param("depth", args.depth)
    X, y = load_breast_cancer(return_X_y=True)
    scores = cross_val_score(DecisionTreeClassifier(max_depth=args.depth, random_state=5), X, y)
    for fold, score in enumerate(scores):
        tracker.log_metric("accuracy", score, step=fold)
    # tracker.log_artifact("model.pkl")  # was mlflow.log_artifact
    tracker.set_tag("dataset", "breast_cancer")


if __name__ == "__main__":
    main()
