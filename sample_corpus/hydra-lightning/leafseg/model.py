import lightning.pytorch as pl
import torch
from torch import nn


def dice(logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    mask = torch.sigmoid(logits)
    return 2 * (mask * target).sum() / (mask.sum() + target.sum() + 1e-6)


class SmallUNet(pl.LightningModule):
    def __init__(self, channels: int, learning_rate: float) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.down = nn.Sequential(nn.Conv2d(1, channels, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        self.up = nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1), nn.ReLU(), nn.Upsample(scale_factor=2))
        self.head = nn.Conv2d(channels, 1, 1)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return self.head(self.up(self.down(image)))

    def training_step(self, batch, _):
        image, mask = batch
        loss = nn.functional.binary_cross_entropy_with_logits(self(image), mask)
        self.log("train_loss", loss)
        return loss

    def validation_step(self, batch, _):
        image, mask = batch
        self.log("val_dice", dice(self(image), mask))

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=self.hparams.learning_rate)
