from pathlib import Path

import joblib
import mlflow
import pandas as pd
import yaml
from sklearn.cross_decomposition import PLSRegression

params = yaml.safe_load(Path("params.yaml").read_text())["train"]
frame = pd.read_csv("data/prepared.csv")
train = frame[~frame["test"]]

with mlflow.start_run(run_name="train") as run:
    mlflow.log_params(params)
    mlflow.log_artifact("params.yaml")
    model = PLSRegression(n_components=params["components"]).fit(train.drop(columns=["share", "test"]), train["share"])
    score = model.score(train.drop(columns=["share", "test"]), train["share"])
    mlflow.log_metric("train_r2", score)
    joblib.dump(model, "model.joblib")
    print(f"train R2 {score:.4f}")
