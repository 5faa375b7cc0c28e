import torch

from leafseg.model import SmallUNet


def test_the_mask_has_the_size_of_the_image():
    assert SmallUNet(4, 0.01)(torch.zeros(2, 1, 32, 32)).shape == (2, 1, 32, 32)
