"""Values that a spreadsheet would run."""

import mlflow

mlflow.set_tracking_uri("=HYPERLINK(\"https://example.org\",\"open me\")")
mlflow.set_experiment("@SUM(1+9)*cmd|' /C calc'!A0")
with mlflow.start_run(run_name="+1", tags={"-2+3": "=1+1"}):
    mlflow.log_param("=cmd|' /C calc'!A0", "[on click=app.exit]quit[/]")
    mlflow.log_metric("-1", 1.0)
    mlflow.log_artifact("\t=1+1.csv")
