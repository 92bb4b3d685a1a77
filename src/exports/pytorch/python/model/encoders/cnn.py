"""Convolutional picture encoders: LeNet (LeCun et al. 1998) and ResNet-18 (He et al. 2016)."""

import torch.nn.functional as F
from torch import Tensor, nn

from ..layers.batch_norm import BatchNorm
from ..layers.types import Encoded


class Stage(nn.Module):
    """Convolutions by name, each with its batch norm beside it; the norm's bias serves for both."""

    def convolution(self, name: str, inner: int, width: int, kernel: int, stride: int = 1) -> None:
        self.add_module(name, nn.Conv2d(inner, width, kernel, stride, kernel // 2, bias=False))
        self.add_module(f"{name}_norm", BatchNorm(width))

    def convolve(self, name: str, x: Tensor, present: Tensor | None) -> Tensor:
        return getattr(self, f"{name}_norm")(getattr(self, name)(x), present)


class LeNetStage(Stage):
    def __init__(self, inner: int, width: int, stride: int = 1) -> None:
        super().__init__()
        self.convolution("conv", inner, width, 5, stride)

    def forward(self, x: Tensor, present: Tensor | None) -> Tensor:
        return F.max_pool2d(F.relu(self.convolve("conv", x, present)), 2)


class Stem(Stage):
    def __init__(self, width: int, stride: int) -> None:
        super().__init__()
        self.pooled = stride == 4
        self.convolution("conv", 3, width, *((3, 1) if stride == 1 else (7, 2)))

    def forward(self, x: Tensor, present: Tensor | None) -> Tensor:
        x = F.relu(self.convolve("conv", x, present))
        return F.max_pool2d(x, 3, 2, 1) if self.pooled else x


class BasicBlock(Stage):
    """y = relu(x + F(x)); where the grid or the width changes, x goes through a 1 × 1 convolution."""

    def __init__(self, inner: int, width: int, stride: int) -> None:
        super().__init__()
        self.changes = stride != 1 or inner != width
        self.convolution("conv1", inner, width, 3, stride)
        self.convolution("conv2", width, width, 3)
        if self.changes:
            self.convolution("shortcut", inner, width, 1, stride)

    def forward(self, x: Tensor, present: Tensor | None) -> Tensor:
        y = self.convolve("conv2", F.relu(self.convolve("conv1", x, present)), present)
        return F.relu(y + (self.convolve("shortcut", x, present) if self.changes else x))


class ConvNet(nn.Module):
    """The places of the last stage are the tokens; LeNet projects all of them, ResNet their mean."""

    def __init__(self, *, shape: str, width: int, stem: str, size: int, shared: int) -> None:
        super().__init__()
        stride = int(stem)
        self.lenet = shape == "lenet"
        self.token_width = width * (2 if self.lenet else 8)
        places = 1
        if self.lenet:
            side = (((size - 1) // stride + 1) // 2) // 2
            places = side * side
            self.stem = None
            self.blocks = nn.ModuleList([LeNetStage(3, width, stride), LeNetStage(width, 2 * width)])
        else:
            self.stem = Stem(width, stride)
            widths = [width << (k // 2) for k in range(8)]
            self.blocks = nn.ModuleList(
                BasicBlock(widths[max(0, k - 1)], widths[k], 2 if k % 2 == 0 and k > 0 else 1) for k in range(8)
            )
        self.projection = nn.Linear(self.token_width * places, shared, bias=False)

    def forward(self, images: Tensor, present: Tensor | None = None) -> Encoded:
        """images [B, H, W, 3]."""
        x = images.permute(0, 3, 1, 2)
        if self.stem is not None:
            x = self.stem(x, present)
        for block in self.blocks:
            x = block(x, present)
        pooled = x.flatten(1) if self.lenet else x.mean((2, 3))
        return Encoded(self.projection(pooled), x.flatten(2).transpose(1, 2), present=present)
