# ruff: noqa: E501 - the texts of files stand on one line
R = """library(mlflow)
# mlflow_log_param("no", 1)
mlflow_set_tracking_uri(Sys.getenv("U", "http://localhost:5000"))
with(mlflow_start_run(nested = TRUE), {
  alpha <- mlflow_param("alpha", 0.5)
  mlflow_log_param("git_commit",
    system("git rev-parse HEAD"))
  mlflow::mlflow_log_metric("m", 1)
  mlflow_log_batch(metrics = x, params = NULL)
  mlflow_log_model(m, "a", registered_model_name = "b")
})
x <- "mlflow_log_metric('no')"
set.seed(42)
system("mlflow ui")
m <- import("mlflow")
m$log_artifact("train.R")
"""

JAVA = """import org.mlflow.tracking.*;
/* client.logParam("no"); */
class A {
  MlflowClient client = new MlflowClient("http://mlflow:5000");
  void f() {
    String s = "client.logMetric(1)";
    client.logParam(client.createRun().getRunId(), "a", "b");
    other.logMetric("x", 1);
    MlflowContext c = new MlflowContext();
    c.withActiveRun("x", run -> { run.logMetric("a", 1.0); });
  }
}
"""


def test_r(scan) -> None:
    found = scan({"a.R": R})
    assert found.at("tracking.configured") == {"a.R:3"}
    assert found.values("tracking.configured") == {"loopback_server"}
    assert found.at("runs.explicit") == {"a.R:4"} == found.at("runs.nested")
    assert found.at("parameters.declared") == {"a.R:5"}
    assert found.at("parameters.logged") == {"a.R:6"} == found.at("code_version.recorded")
    assert found.at("metrics.logged") == {"a.R:8", "a.R:9"}
    assert found.at("models.registered") == {"a.R:10"} == found.at("models.logged")
    assert found.at("execution.seeded") == {"a.R:13"}
    assert found.at("tracking.server") == {"a.R:14"}
    assert found.at("artifacts.logged") == {"a.R:16"} == found.at("code_version.code_logged")


def test_r_markdown_counts_in_chunks_alone(scan) -> None:
    found = scan({"a.Rmd": '`mlflow_start_run()`\n\n```{r run}\nmlflow_log_metric("a", 1)\n```\nmlflow_log_metric()\n'})
    assert found.at("metrics.logged") == {"a.Rmd:4"}
    assert not found.at("runs.explicit")


def test_java(scan) -> None:
    found = scan({"A.java": JAVA})
    assert found.at("usage.mlflow") == {"A.java:1"}
    assert found.at("tracking.configured") == {"A.java:4"}
    assert found.at("parameters.logged") == {"A.java:7"}
    assert found.at("runs.explicit") == {"A.java:7", "A.java:10"}
    assert found.at("metrics.logged") == {"A.java:10"}


def test_a_lambda_in_parentheses_is_given_the_run(scan) -> None:
    for written in (
        "(run -> { run.logParam(k, v); })",
        "(run) -> { run.logParam(k, v); }",
        "(ActiveRun run) -> run.logParam(k, v)",
    ):
        found = scan({"A.java": f"import org.mlflow.tracking.*;\nclass A {{ void f(MlflowContext c) {{\n  c.setExperimentName(e).withActiveRun(n, {written});\n}} }}\n"})  # fmt: skip
        assert found.at("parameters.logged") == {"A.java:3"}, written


def test_a_run_of_the_java_client_is_nested_by_its_parent(scan) -> None:
    for written, nested in (
        ('c.startRun("child", run.getId())', True),
        ('c.startRun("run")', False),
        ('client.setTag(id, "mlflow.parentRunId", parent)', True),
        ('client.setTag(id, "stage", "train")', False),
    ):
        found = scan({"A.java": f"import org.mlflow.tracking.*;\nclass A {{ void f(MlflowContext c, MlflowClient client) {{\n  {written};\n}} }}\n"})  # fmt: skip
        assert ("runs.nested" in found.features) is nested, written


def test_scala_and_kotlin(scan) -> None:
    scala = 'import org.mlflow.tracking.MlflowClient\nobject X {\n  val uri = "databricks"\n  val c = new MlflowClient(uri)\n  c.logMetric(r, "a", 1)\n}\n'
    kotlin = 'import org.mlflow.tracking.MlflowClient\nfun f(c: MlflowClient) {\n  c.setTag(r, "a", """x""")\n}\n'
    found = scan({"X.scala": scala, "f.kt": kotlin})  # fmt: skip
    assert found.values("tracking.configured") == {"managed"}
    assert found.at("metrics.logged") == {"X.scala:5"}
    assert found.at("runs.tagged") == {"f.kt:3"}


def test_a_method_of_the_project_that_returns_a_client(scan) -> None:
    clients = (
        "import org.mlflow.tracking.MlflowClient\nobject Clients {\n"
        "  def local(a: Array[String]) = {\n    if (a.length == 0) {\n      new MlflowClient()\n    } else { new MlflowClient(a(0)) }\n  }\n"
        "  def typed(a: String): MlflowClient = connect(a)\n  def short() = new MlflowClient()\n"
        "  def text(a: String) = { val c = new MlflowClient(a); a }\n"
        "  def either(a: Int) = if (a > 0) new MlflowClient() else a\n}\n"
    )
    for maker, counts in (("local(args)", True), ('typed("x")', True), ("short()", True), ('text("x")', False), ("either(1)", False)):  # fmt: skip
        used = f'import org.mlflow.api.proto.Service\nobject X {{\n  val c = Clients.{maker}\n  c.logMetric(r, "a", 1)\n}}\n'
        assert scan({"Clients.scala": clients, "X.scala": used}).at("metrics.logged") == (
            {"X.scala:4"} if counts else set()
        ), maker


def test_a_method_of_the_same_java_file_that_returns_a_client(scan) -> None:
    text = 'import org.mlflow.tracking.*;\nclass A {\n  MlflowClient make() { return connect(); }\n  void f() {\n    var c = make();\n    c.logParam("a", "b");\n    var d = other();\n    d.logParam("a", "b");\n  }\n}\n'
    assert scan({"A.java": text}).at("parameters.logged") == {"A.java:6"}


def test_brackets_that_never_close_cost_no_quadratic_time(scan) -> None:
    scan({"A.scala": "import org.mlflow.tracking.MlflowClient\n" + "def f(new MlflowClient( = {" * 30_000})


def test_without_the_import_a_method_of_the_same_name_is_nothing(scan) -> None:
    assert not scan({"A.java": 'class A { void f() { client.logParam("a", "b"); } }\n'}).features


def test_tests_of_other_languages(scan) -> None:
    found = scan({"tests/testthat/test-a.R": 'test_that("a", {\n})\n', "src/test/java/ATest.java": "import org.junit.Test;\nclass ATest {\n @Test\n void a() {}\n}\n"})  # fmt: skip
    assert found.at("beyond.tested") == {"tests/testthat/test-a.R:1", "src/test/java/ATest.java:3"}


def test_a_source_files_name_is_no_version_of_the_code(scan) -> None:
    head = "import org.mlflow.tracking.MlflowClient\nobject X {\n  val c = new MlflowClient()\n"
    assert not scan({"X.scala": head + '  c.setTag(r, "mlflow.source.name", n)\n}\n'}).at("code_version.recorded")
    found = scan({"X.scala": head + '  c.setTag(r, "mlflow.source.git.commit", n)\n}\n'})
    assert found.at("code_version.recorded") == {"X.scala:4"}
