import mlflow

def train(:
    mlflow.log_param("a", 1)
  mlflow.log_metric("b" 2)
print "python 2", mlflow.log_artifact('x'
