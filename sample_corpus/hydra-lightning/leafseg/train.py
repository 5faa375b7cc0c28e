import hydra
import lightning.pytorch as pl
from hydra.utils import instantiate
from omegaconf import DictConfig


@hydra.main(version_base="1.3", config_path="../conf", config_name="config")
def main(config: DictConfig) -> float:
    pl.seed_everything(config.seed, workers=True)
    model = instantiate(config.model)
    data = instantiate(config.data)
    trainer = instantiate(config.trainer, logger=instantiate(config.logger))
    trainer.fit(model, datamodule=data)
    return float(trainer.callback_metrics["val_dice"])


if __name__ == "__main__":
    main()
