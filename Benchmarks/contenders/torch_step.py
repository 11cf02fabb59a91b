"""PyTorch with care: data as one tensor, indices by randperm, fused Adam; eager, or the loss compiled."""

from __future__ import annotations

import os
import time

import torch

from . import data
from .cases import LEARNING_RATE
from .recorder import Recorder, arguments, peak_megabytes
from .torch_model import VAE, terms


def train(case, is_compiled: bool) -> tuple[VAE, Recorder, list[float]]:
    """Trains for the case's steps."""
    rows = torch.from_numpy(data.rows(case))
    if case.data != "bytes":
        rows = rows.float() / 255
    model = VAE(case, rows.mean(0) if case.data_mean else None)
    optimizer = torch.optim.Adam(model.parameters(), LEARNING_RATE, eps=case.epsilon, fused=True)
    objective = torch.compile(terms) if is_compiled else terms
    recorder = Recorder(case)
    losses = []
    going = True
    while going:
        order = torch.randperm(len(rows))
        for batch in order.split(case.batch):
            if len(batch) < case.batch:
                break
            loss, reconstruction, divergence = objective(model, rows, batch)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            losses.append((reconstruction.detach(), divergence.detach()))
            going = recorder.tick()
            if not going:
                break
    return model, recorder, [float(a + b) for a, b in losses]


@torch.inference_mode()
def log_weights(model: VAE, x: torch.Tensor, draws: int) -> torch.Tensor:
    """log p(x|z) + log p(z) − log q(z|x) of some draws of each row, [draws, rows]."""
    mean, log_variance = model.posterior(x)
    noise = torch.randn(draws, *mean.shape)
    z = mean + torch.exp(log_variance / 2) * noise
    logits = model.decoder(z)
    likelihood = (x * logits - torch.nn.functional.softplus(logits)).sum(-1)
    return likelihood + (noise.square() + log_variance - z.square()).sum(-1) / 2


def evaluate(model: VAE, is_compiled: bool, draws: int = 1000, rows: int = 50, part: int = 50) -> tuple[float, float]:
    """−log p(x) by importance sampling, and the seconds that it took, compilation left out."""
    weigh = torch.compile(log_weights) if is_compiled else log_weights
    x = torch.from_numpy(data.test_rows()).float() / 255
    if is_compiled:
        weigh(model, x[:rows], part)
    started = time.perf_counter()
    total = 0.0
    for batch in x.split(rows):
        weights = torch.cat([weigh(model, batch, part) for _ in range(draws // part)])
        total += float((torch.logsumexp(weights, 0) - torch.log(torch.tensor(float(draws)))).sum())
    return -total / len(x), time.perf_counter() - started


def main() -> None:
    asked = arguments()
    is_compiled = os.environ["BENCH_CONTENDER"] == "compile"
    torch.set_num_threads(asked.threads)
    torch.manual_seed(asked.seed)
    model, recorder, losses = train(asked.case, is_compiled)
    more = {}
    if asked.case.evaluated:
        loss, seconds = evaluate(model, is_compiled)
        more = dict(negativeLogLikelihood=loss, seconds=seconds, peakMegabytes=peak_megabytes())
    recorder.report(losses, **more)


if __name__ == "__main__":
    main()
