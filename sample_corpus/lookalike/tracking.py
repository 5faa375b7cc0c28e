"""One interface over the trackers that we tried.

The old one was MLflow:

    import mlflow
    mlflow.set_tracking_uri("http://tracking.example.org")
    mlflow.log_param("depth", 3)
    mlflow.sklearn.autolog()
"""


class Tracker:
    """What the training code sees; its names follow MLflow's."""

    def log_param(self, key, value):
        raise NotImplementedError

    def log_metric(self, key, value, step=None):
        raise NotImplementedError

    def set_tag(self, key, value):
        raise NotImplementedError


class CometTracker(Tracker):
    def __init__(self, project):
        from comet_ml import Experiment

        self.experiment = Experiment(project_name=project)

    def log_param(self, key, value):
        self.experiment.log_parameter(key, value)

    def log_metric(self, key, value, step=None):
        self.experiment.log_metric(key, value, step=step)

    def set_tag(self, key, value):
        self.experiment.log_other(key, value)


class WandbTracker(Tracker):
    def __init__(self, project):
        import wandb

        self.run = wandb.init(project=project)

    def log_param(self, key, value):
        self.run.config[key] = value

    def log_metric(self, key, value, step=None):
        self.run.log({key: value}, step=step)

    def set_tag(self, key, value):
        self.run.tags += (f"{key}:{value}",)
