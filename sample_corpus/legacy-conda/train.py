import sys

import mlflow
import mlflow.sklearn
import numpy as np
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_score

noise = float(sys.argv[1]) if len(sys.argv) > 1 else 0.1
rng = np.random.RandomState(2021)

X, y = load_iris(return_X_y=True)
flipped = rng.rand(len(y)) < noise
noisy = np.where(flipped, rng.randint(0, 3, size=len(y)), y).astype(np.int)

with mlflow.start_run():
    mlflow.log_param("noise", noise)
    forest = RandomForestClassifier(n_estimators=50, max_features="auto", random_state=2021)
    scores = cross_val_score(forest, X, noisy, cv=5)
    mlflow.log_metric("cv_accuracy", scores.mean())
    mlflow.log_metric("cv_std", scores.std())
    mlflow.sklearn.log_model(forest.fit(X, noisy), "model")
    print("accuracy %.4f +- %.4f" % (scores.mean(), scores.std()))
