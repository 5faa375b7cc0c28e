import json
from pathlib import Path

import joblib
import mlflow
import pandas as pd
from sklearn.metrics import mean_squared_error, r2_score

frame = pd.read_csv("data/prepared.csv")
test = frame[frame["test"]]
predicted = joblib.load("model.joblib").predict(test.drop(columns=["share", "test"])).ravel()
metrics = {"test_r2": r2_score(test["share"], predicted), "test_mse": mean_squared_error(test["share"], predicted)}

with mlflow.start_run(run_name="evaluate"):
    mlflow.log_metrics(metrics)
    Path("metrics.json").write_text(json.dumps(metrics, indent=2))
    mlflow.log_artifact("metrics.json")
print(metrics)
