"""The loop of tutorials, as people write it: torchvision's MNIST by its ToTensor, row by row in a DataLoader, Adam as it comes, the loss read
at each step."""

from __future__ import annotations

import sys

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader

from . import data
from .cases import LEARNING_RATE, Case
from .recorder import Recorder, arguments
from .torch_model import VAE

try:
    from torchvision.datasets import MNIST
    from torchvision.transforms import ToTensor
except RuntimeError:
    # Its package is compiled for CUDA, and beside a torch without it one operator's name is missing, which nothing here computes with.
    operators = torch.library.Library("torchvision", "DEF")
    operators.define("nms(Tensor boxes, Tensor scores, float threshold) -> Tensor")
    operators.define("qnms(Tensor boxes, Tensor scores, float threshold) -> Tensor")
    for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        del sys.modules[name]
    from torchvision.datasets import MNIST
    from torchvision.transforms import ToTensor


class Rows(MNIST):
    """torchvision's own dataset in all but where the bytes come from, which is where all contenders have theirs."""

    def __init__(self, case: Case) -> None:
        self.case = case
        super().__init__(root="", train=True, transform=ToTensor())

    def _check_legacy_exist(self) -> bool:
        return False

    def _check_exists(self) -> bool:
        return True

    def _load_data(self) -> tuple[torch.Tensor, torch.Tensor]:
        pictures = torch.from_numpy(data.rows(self.case)).view(-1, 28, 28)
        return pictures, torch.zeros(len(pictures), dtype=torch.int64)


def main() -> None:
    asked = arguments()
    torch.set_num_threads(asked.threads)
    torch.manual_seed(asked.seed)
    loader = DataLoader(Rows(asked.case), batch_size=asked.case.batch, shuffle=True, drop_last=True)
    model = VAE(asked.case)
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    recorder = Recorder(asked.case)
    losses = []
    going = True
    while going:
        for pictures, _ in loader:
            x = pictures.view(-1, asked.case.dimensions)
            mean, log_variance = model.posterior(x)
            z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
            probabilities = torch.sigmoid(model.decoder(z))
            reconstruction = F.binary_cross_entropy(probabilities, x, reduction="sum")
            divergence = -0.5 * torch.sum(1 + log_variance - mean.pow(2) - log_variance.exp())
            loss = (reconstruction + divergence) / x.size(0)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            going = recorder.tick()
            if not going:
                break
    recorder.report(losses)


if __name__ == "__main__":
    main()
