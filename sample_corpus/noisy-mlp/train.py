import argparse

import mlflow
import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

parser = argparse.ArgumentParser()
parser.add_argument("--hidden", type=int, default=10)
parser.add_argument("--epochs", type=int, default=12)
parser.add_argument("--noise", type=float, default=0.3)
args = parser.parse_args()

X, y = load_breast_cancer(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(StandardScaler().fit_transform(X), y, test_size=0.4)

mlflow.set_experiment("noisy-mlp")
with mlflow.start_run():
    mlflow.log_param("hidden", args.hidden)
    mlflow.log_param("epochs", args.epochs)
    mlflow.log_param("noise", args.noise)
    model = MLPClassifier(hidden_layer_sizes=(args.hidden,), learning_rate_init=0.005)
    for epoch in range(args.epochs):
        augmented = X_train + args.noise * np.random.standard_normal(X_train.shape)
        model.partial_fit(augmented, y_train, classes=[0, 1])
        p = model.predict_proba(X_test)[:, 1]
        mlflow.log_metric("val_loss", log_loss(y_test, p), step=epoch)
        mlflow.log_metric("val_auc", roc_auc_score(y_test, p), step=epoch)
        print(f"epoch {epoch + 1:2d}/{args.epochs}  loss {log_loss(y_test, p):.4f}  auc {roc_auc_score(y_test, p):.4f}")
