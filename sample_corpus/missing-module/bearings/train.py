import argparse

import mlflow
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_score

from bearings.features import spectral_features
from bearings.simulate import signals


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--window", type=int, default=256)
    args = parser.parse_args()
    raw, labels = signals(count=300, length=4096, seed=11)
    with mlflow.start_run():
        mlflow.log_param("window", args.window)
        scores = cross_val_score(RandomForestClassifier(random_state=11), spectral_features(raw, args.window), labels)
        mlflow.log_metric("accuracy", scores.mean())
        print("accuracy", scores.mean())


if __name__ == "__main__":
    main()
