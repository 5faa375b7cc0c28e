"""The model."""

from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler


def build(c: float, l1_ratio: float, seed: int) -> Pipeline:
    """A scaled multinomial logistic regression with an elastic-net penalty."""
    classifier = LogisticRegression(C=c, l1_ratio=l1_ratio, solver="saga", max_iter=5000, tol=1e-6, random_state=seed)
    return make_pipeline(StandardScaler(), classifier)
