import lightning.pytorch as pl
import torch
from torch.utils.data import DataLoader, TensorDataset


class SyntheticLeaves(pl.LightningDataModule):
    """Ellipses on noise: stands in for the scans, which may not be published."""

    def __init__(self, size: int, samples: int, batch_size: int) -> None:
        super().__init__()
        self.size, self.samples, self.batch_size = size, samples, batch_size

    def setup(self, stage: str) -> None:
        y, x = torch.meshgrid(*[torch.linspace(-1, 1, self.size)] * 2, indexing="ij")
        axes = torch.rand(self.samples, 2, 1, 1) * 0.6 + 0.2
        masks = ((x / axes[:, :1]) ** 2 + (y / axes[:, 1:]) ** 2 < 1).float()
        images = masks + 0.5 * torch.randn_like(masks)
        cut = self.samples * 3 // 4
        self.train = TensorDataset(images[:cut], masks[:cut])
        self.val = TensorDataset(images[cut:], masks[cut:])

    def train_dataloader(self):
        return DataLoader(self.train, self.batch_size, shuffle=True)

    def val_dataloader(self):
        return DataLoader(self.val, self.batch_size)
