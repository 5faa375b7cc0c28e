library(mlflow)
library(glmnet)
library(carrier)

set.seed(40)

# library(wandb) was tried and dropped
alpha <- mlflow_param("alpha", 0.5, "numeric")
lambda <- mlflow_param("lambda", 0.1, "numeric")

held_out <- sample(nrow(mtcars), 8)
x <- as.matrix(mtcars[-held_out, -1])
y <- mtcars[-held_out, "mpg"]

mlflow_set_experiment("fuelnet")
with(mlflow_start_run(), {
  mlflow_log_param("alpha", alpha)
  mlflow_log_param("lambda", lambda)
  model <- glmnet(x, y, alpha = alpha, lambda = lambda)
  predicted <- predict(model, as.matrix(mtcars[held_out, -1]))
  rmse <- sqrt(mean((mtcars[held_out, "mpg"] - predicted)^2))
  mlflow_log_metric("rmse", rmse)
  mlflow_set_tag("family", "gaussian")
  message("rmse ", rmse)
  predictor <- crate(~ glmnet::predict.glmnet(!!model, as.matrix(.x)), !!model)
  mlflow_log_model(predictor, "model")
})
