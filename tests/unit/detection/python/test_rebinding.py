"""Names that are bound again and again, and values that refer to themselves."""

from tests.unit.detection.python.scanning import anomalies, lines


def test_a_name_bound_to_itself_many_times_is_followed_in_few_steps() -> None:
    frame = "def f(df):\n" + "    df = df.withColumn('a', df.b + df.c)\n" * 200 + "    df.g()\n"
    source = f"import mlflow\n{frame}mlflow.log_param('a', 1)\n"
    assert lines(source, "parameters.logged") == [204]
    assert anomalies({"a.py": source}) == []


def test_a_client_bound_again_stays_a_client() -> None:
    source = "import mlflow\nc = None\nc = mlflow.MlflowClient()\nc = c or other()\nc.log_param('r', 'a', 1)\n"
    assert lines(source, "parameters.logged") == [5]


def test_items_of_an_attribute_that_refers_to_itself() -> None:
    source = """
import mlflow

class Route:
    def __init__(self, routes):
        self.routes = self.routes[0].routes[0]
        self.routes = [self.routes[0]]

    def go(self):
        for route in self.routes[0].routes:
            route.routes[0].log(1)
            mlflow.log_metric('a', 1)
"""
    assert lines(source, "metrics.logged") == [12]
    assert anomalies({"a.py": source}) == []


def test_parameters_that_many_methods_of_one_name_hand_on_are_followed_in_few_steps() -> None:
    method = "class C{0}:\n    def update(self, x):\n        self.inner.update(x)\n        x.log()\n"
    source = "import mlflow\n" + "".join(method.format(number) for number in range(40)) + "mlflow.log_param('a', 1)\n"
    assert lines(source, "parameters.logged") == [162]
    assert anomalies({"a.py": source}) == []
