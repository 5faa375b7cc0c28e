from pathlib import Path

import mlflow
import mlflow.sklearn
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split

DATA = Path("data/raw/churn_2024.csv")


def main():
    mlflow.set_experiment("churn")
    mlflow.sklearn.autolog(log_models=False)
    customers = pd.read_csv(DATA)
    features = pd.get_dummies(customers.drop(columns=["churned", "customer_id"]))
    x_train, x_test, y_train, y_test = train_test_split(features, customers["churned"], random_state=0)
    with mlflow.start_run():
        mlflow.set_tag("data", DATA.name)
        model = HistGradientBoostingClassifier(random_state=0).fit(x_train, y_train)
        auc = roc_auc_score(y_test, model.predict_proba(x_test)[:, 1])
        mlflow.log_metric("test_auc", auc)
        print(f"test AUC {auc:.3f}")


if __name__ == "__main__":
    main()
