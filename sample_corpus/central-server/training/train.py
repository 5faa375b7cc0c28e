"""Gradient boosting on the diabetes data; runs go to the team's server."""

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import mlflow
from config import EXPERIMENT, SEED
from sklearn.datasets import load_diabetes
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.metrics import mean_absolute_error, r2_score
from sklearn.model_selection import train_test_split

mlflow.set_tracking_uri("http://localhost:5000")
mlflow.set_experiment(EXPERIMENT)

PARAMS = {"n_estimators": 120, "max_depth": 2, "learning_rate": 0.08, "subsample": 0.9}


def importance_figure(model, names):
    figure, axes = plt.subplots(figsize=(5, 3))
    axes.barh(names, model.feature_importances_)
    figure.tight_layout()
    return figure


def main():
    data = load_diabetes(as_frame=True)
    x_train, x_test, y_train, y_test = train_test_split(data.data, data.target, random_state=SEED)
    with mlflow.start_run(tags={"team": "forecasting", "stage": "baseline"}):
        mlflow.log_params(PARAMS)
        model = GradientBoostingRegressor(random_state=SEED, **PARAMS).fit(x_train, y_train)
        predicted = model.predict(x_test)
        mlflow.log_metrics({"mae": mean_absolute_error(y_test, predicted), "r2": r2_score(y_test, predicted)})
        mlflow.log_figure(importance_figure(model, list(data.data.columns)), "importance.png")
        print("mae", mean_absolute_error(y_test, predicted))


if __name__ == "__main__":
    main()
