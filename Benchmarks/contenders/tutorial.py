"""The loop of tutorials, as people write it: a DataLoader over single rows, Adam as it comes, the loss read at each step."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

from . import data
from .cases import LEARNING_RATE
from .recorder import Recorder, arguments
from .torch_model import VAE


def main() -> None:
    asked = arguments()
    torch.set_num_threads(asked.threads)
    torch.manual_seed(asked.seed)
    pictures = torch.from_numpy(data.rows(asked.case)).float() / 255
    loader = DataLoader(TensorDataset(pictures), batch_size=asked.case.batch, shuffle=True, drop_last=True)
    model = VAE(asked.case)
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    recorder = Recorder(asked.case)
    losses = []
    going = True
    while going:
        for (x,) in loader:
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
