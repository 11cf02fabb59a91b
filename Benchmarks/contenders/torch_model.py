"""The model of a case in PyTorch, as its users write it."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .cases import LOG_VARIANCE_RANGE, Case

ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "leaky-relu": nn.LeakyReLU}


def _perceptron(widths: list[int], activation: str) -> nn.Sequential:
    layers: list[nn.Module] = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [nn.Linear(inputs, outputs), ACTIVATIONS[activation]()]
    return nn.Sequential(*layers[:-1])


def _between(case: Case, channels: int, dropout: float) -> list[nn.Module]:
    return (
        ([nn.BatchNorm2d(channels)] if case.normalized else [])
        + [ACTIVATIONS[case.activation]()]
        + ([nn.Dropout(dropout)] if dropout else [])
    )


def _picture_encoder(case: Case) -> nn.Sequential:
    height, width, channels = case.picture
    depth = [channels, *case.channels]
    stages: list[nn.Module] = []
    for inputs, outputs in zip(depth, depth[1:]):
        stages += [nn.Conv2d(inputs, outputs, 3, stride=2, padding=1)] + _between(case, outputs, case.dropout)
    scale = 2 ** len(case.channels)
    smallest = height // scale * (width // scale) * depth[-1]
    head = _perceptron([smallest, *case.hidden, 2 * case.latents], case.activation)
    return nn.Sequential(nn.Unflatten(1, (channels, height, width)), *stages, nn.Flatten(), head)


def _picture_decoder(case: Case) -> nn.Sequential:
    height, width, channels = case.picture
    depth = [channels, *case.channels]
    scale = 2 ** len(case.channels)
    smallest = (depth[-1], height // scale, width // scale)
    stages: list[nn.Module] = []
    for stage in reversed(range(len(case.channels))):
        inputs, outputs = depth[stage + 1], depth[stage]
        if case.resized:
            stages += [nn.Upsample(scale_factor=2), nn.Conv2d(inputs, outputs, 3, padding=1)]
        else:
            stages += [nn.ConvTranspose2d(inputs, outputs, 3, stride=2, padding=1, output_padding=1)]
        stages += _between(case, outputs, 0) if stage else []
    body = _perceptron([case.latents, *reversed(case.hidden), math.prod(smallest)], case.activation)
    activation = ACTIVATIONS[case.activation]()
    return nn.Sequential(body, activation, nn.Unflatten(1, smallest), *stages, nn.Flatten())


class VAE(nn.Module):
    """The model; `forward` gives the terms of −ELBO, in nats per row."""

    def __init__(self, case: Case, mean: Tensor | None = None) -> None:
        super().__init__()
        self.case = case
        if case.channels:
            self.encoder, self.decoder = _picture_encoder(case), _picture_decoder(case)
        else:
            self.encoder = _perceptron([case.dimensions, *case.hidden, 2 * case.latents], case.activation)
            self.decoder = _perceptron([case.latents, *reversed(case.hidden), case.dimensions], case.activation)
        if case.likelihood == "gaussian":
            self.scaled_log_variance = nn.Parameter(torch.zeros(()))
        if case.glorot:
            for layer in self.modules():
                if isinstance(layer, nn.Linear):
                    nn.init.xavier_uniform_(layer.weight)
                    nn.init.zeros_(layer.bias)
        if mean is not None:
            self.decoder[-1].bias.data.copy_(torch.logit(mean.clamp(0.001, 0.999)))

        if case.channels:
            # The layout in which oneDNN convolves fastest.
            self.to(memory_format=torch.channels_last)

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """μ and log σ² of q(z|x), each [batch, L]."""
        mean, log_variance = self.encoder(x).chunk(2, dim=-1)
        return mean, log_variance.clamp(*LOG_VARIANCE_RANGE)

    def negative_log_likelihood(self, x: Tensor, features: Tensor) -> Tensor:
        """−log p(x|z) summed over all rows and draws; features are [draws · batch, D]."""
        if self.case.likelihood == "bernoulli":
            if self.case.draws > 1:
                x = x.expand(self.case.draws, -1, -1).reshape(features.shape)
            return F.binary_cross_entropy_with_logits(features, x, reduction="sum")
        half_error = F.mse_loss(features, x, reduction="sum") / 2
        constant = math.log(2 * math.pi) / 2 * x.numel()
        if self.case.likelihood == "unit-gaussian":
            return half_error + constant
        log_variance = torch.log(torch.exp(10 * self.scaled_log_variance) + 1e-5)
        return half_error / log_variance.exp() + constant + log_variance / 2 * x.numel()

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Reconstruction and divergence, means over the batch."""
        mean, log_variance = self.posterior(x)
        deviation = torch.exp(log_variance / 2)
        draws = self.case.draws
        noise = torch.randn(draws, *mean.shape) if draws > 1 else torch.randn_like(mean)
        features = self.decoder((mean + deviation * noise).view(-1, self.case.latents))
        reconstruction = self.negative_log_likelihood(x, features) / (len(x) * draws)
        divergence = (mean.square() + deviation.square() - log_variance - 1).sum() / (2 * len(x))
        return reconstruction, divergence


def terms(model: VAE, data: Tensor, rows: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The objective of a batch, and its two terms."""
    x = data.index_select(0, rows)
    if x.dtype == torch.uint8:
        x = x.float() / 255
    if model.case.redrawn:
        x = torch.bernoulli(x)
    reconstruction, divergence = model(x)
    return model.case.reconstruction_weight * reconstruction + divergence, reconstruction, divergence
