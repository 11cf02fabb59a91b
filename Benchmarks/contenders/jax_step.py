"""JAX with care: one jitted step over pytrees that donates its state; data, order of rows and draws on the device."""

from __future__ import annotations

import time
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import optax

from . import data
from .cases import LEARNING_RATE, LOG_VARIANCE_RANGE, Case
from .recorder import Recorder, arguments, peak_megabytes

ACTIVATIONS = {"relu": jax.nn.relu, "tanh": jnp.tanh, "leaky-relu": jax.nn.leaky_relu}
PICTURES = ("NHWC", "HWIO", "NHWC")
MOMENTUM = 0.1
VARIANCE_EPSILON = 1e-5


def _layer(key, case: Case, shape: tuple[int, ...], inputs: int, outputs: int) -> dict:
    """A weight and a bias: Glorot's with biases 0, or PyTorch's own by the number of inputs."""
    keys = jax.random.split(key)
    if case.glorot:
        bound = (6 / (inputs + outputs)) ** 0.5
        return dict(weight=jax.random.uniform(keys[0], shape, minval=-bound, maxval=bound), bias=jnp.zeros(shape[-1]))
    bound = inputs**-0.5
    return dict(
        weight=jax.random.uniform(keys[0], shape, minval=-bound, maxval=bound),
        bias=jax.random.uniform(keys[1], shape[-1:], minval=-bound, maxval=bound),
    )


def _perceptron(key, case: Case, widths: list[int]) -> list[dict]:
    keys = jax.random.split(key, len(widths))
    return [_layer(k, case, (a, b), a, b) for k, a, b in zip(keys, widths, widths[1:])]


def _stages(key, case: Case, depth: list[int]) -> list[dict]:
    keys = jax.random.split(key, len(depth))
    return [_layer(k, case, (3, 3, a, b), 9 * a, 9 * b) for k, a, b in zip(keys, depth, depth[1:])]


def _norms(depth: tuple[int, ...]) -> list[dict]:
    return [dict(scale=jnp.ones(channels), shift=jnp.zeros(channels)) for channels in depth]


def initial(key, case: Case, mean) -> tuple[dict, dict]:
    """Parameters, and the running moments of normalization."""
    keys = jax.random.split(key, 4)
    parameters: dict = {}
    moments: dict = {}
    if case.channels:
        height, width, channels = case.picture
        scale = 2 ** len(case.channels)
        depth = [channels, *case.channels]
        smallest = height // scale * (width // scale) * depth[-1]
        parameters["down"] = _stages(keys[2], case, depth)
        parameters["up"] = _stages(keys[3], case, depth[::-1])
        encoder, decoder = [smallest, *case.hidden, 2 * case.latents], [case.latents, *case.hidden[::-1], smallest]
        if case.normalized:
            sides = dict(down=case.channels, up=case.channels[-2::-1])
            for side, widths in sides.items():
                parameters[f"{side}-norms"] = _norms(widths)
                moments[side] = [dict(mean=jnp.zeros(c), variance=jnp.ones(c)) for c in widths]
    else:
        encoder = [case.dimensions, *case.hidden, 2 * case.latents]
        decoder = [case.latents, *case.hidden[::-1], case.dimensions]
    parameters["encoder"] = _perceptron(keys[0], case, encoder)
    parameters["decoder"] = _perceptron(keys[1], case, decoder)
    if mean is not None:
        p = jnp.clip(mean, 0.001, 0.999)
        parameters["decoder"][-1]["bias"] = jnp.log(p) - jnp.log1p(-p)
    if case.likelihood == "gaussian":
        parameters["scaled_log_variance"] = jnp.zeros(())
    return parameters, moments


def _apply(layers: list[dict], x, activation):
    for layer in layers[:-1]:
        x = activation(x @ layer["weight"] + layer["bias"])
    return x @ layers[-1]["weight"] + layers[-1]["bias"]


def _normalize(norm: dict, moments: dict, x):
    mean, variance = x.mean((0, 1, 2)), x.var((0, 1, 2))
    running = dict(
        mean=moments["mean"] + MOMENTUM * (mean - moments["mean"]),
        variance=moments["variance"] + MOMENTUM * (variance - moments["variance"]),
    )
    return (x - mean) * (jax.lax.rsqrt(variance + VARIANCE_EPSILON) * norm["scale"]) + norm["shift"], running


def _between(case: Case, parameters: dict, moments: dict, updated: dict, side: str, index: int, x, key):
    if case.normalized:
        x, running = _normalize(parameters[f"{side}-norms"][index], moments[side][index], x)
        updated.setdefault(side, []).append(running)
    x = ACTIVATIONS[case.activation](x)
    if key is not None:
        kept = jax.random.bernoulli(jax.random.fold_in(key, index), 1 - case.dropout, x.shape)
        x = jnp.where(kept, x / (1 - case.dropout), 0)
    return x


def posterior(case: Case, parameters: dict, moments: dict, updated: dict, x, key=None):
    """μ and log σ² of q(z|x), each [batch, L]."""
    if case.channels:
        x = x.reshape(-1, *case.picture)
        for index, stage in enumerate(parameters["down"]):
            x = jax.lax.conv_general_dilated(x, stage["weight"], (2, 2), ((1, 1), (1, 1)), dimension_numbers=PICTURES)
            dropout = key if case.dropout else None
            x = _between(case, parameters, moments, updated, "down", index, x + stage["bias"], dropout)
        x = x.reshape(len(x), -1)
    features = _apply(parameters["encoder"], x, ACTIVATIONS[case.activation])
    mean, log_variance = jnp.split(features, 2, -1)
    return mean, jnp.clip(log_variance, *LOG_VARIANCE_RANGE)


def decoded(case: Case, parameters: dict, moments: dict, updated: dict, z):
    """The features of p(x|z), [rows, D]."""
    activation = ACTIVATIONS[case.activation]
    x = _apply(parameters["decoder"], z, activation)
    if not case.channels:
        return x
    height, width, _ = case.picture
    scale = 2 ** len(case.channels)
    x = activation(x).reshape(-1, height // scale, width // scale, case.channels[-1])
    for index, stage in enumerate(parameters["up"]):
        if case.resized:
            x = x.repeat(2, 1).repeat(2, 2)
            x = jax.lax.conv_general_dilated(x, stage["weight"], (1, 1), ((1, 1), (1, 1)), dimension_numbers=PICTURES)
        else:
            x = jax.lax.conv_general_dilated(
                x, stage["weight"], (1, 1), ((1, 2), (1, 2)), lhs_dilation=(2, 2), dimension_numbers=PICTURES
            )
        x = x + stage["bias"]
        if index < len(parameters["up"]) - 1:
            x = _between(case, parameters, moments, updated, "up", index, x, None)
    return x.reshape(len(x), -1)


def negative_log_likelihood(case: Case, parameters: dict, x, features):
    """−log p(x|z) summed over all rows and draws."""
    if case.likelihood == "bernoulli":
        features = features.reshape(-1, *x.shape)
        return (jax.nn.softplus(features) - x * features).sum()
    half_error = jnp.square(features - x).sum() / 2
    constant = np.log(2 * np.pi) / 2 * x.size
    if case.likelihood == "unit-gaussian":
        return half_error + constant
    log_variance = jnp.log(jnp.exp(10 * parameters["scaled_log_variance"]) + 1e-5)
    return half_error / jnp.exp(log_variance) + constant + log_variance / 2 * x.size


def objective(parameters: dict, moments: dict, case: Case, x, key):
    """What is minimized; with −ELBO in nats per row and the new running moments."""
    keys = jax.random.split(key)
    updated: dict = {}
    mean, log_variance = posterior(case, parameters, moments, updated, x, keys[0])
    deviation = jnp.exp(log_variance / 2)
    z = mean + deviation * jax.random.normal(keys[1], (case.draws, *mean.shape))
    features = decoded(case, parameters, moments, updated, z.reshape(-1, case.latents))
    reconstruction = negative_log_likelihood(case, parameters, x, features) / (len(x) * case.draws)
    divergence = (jnp.square(mean) + jnp.square(deviation) - log_variance - 1).sum() / (2 * len(x))
    return case.reconstruction_weight * reconstruction + divergence, (reconstruction + divergence, updated)


@partial(jax.jit, static_argnums=(0, 1), donate_argnums=(2,))
def step(case: Case, optimizer, state, rows, order, index):
    """One step on the batch `index` of the epoch's order."""
    parameters, moments, optimization, key = state
    key, redrawing, drawing = jax.random.split(key, 3)
    x = rows[jax.lax.dynamic_slice(order, (index * case.batch,), (case.batch,))]
    if x.dtype == jnp.uint8:
        x = x.astype(jnp.float32) / 255
    if case.redrawn:
        x = jax.random.bernoulli(redrawing, x).astype(jnp.float32)
    gradients, (loss, moments) = jax.grad(objective, has_aux=True)(parameters, moments, case, x, drawing)
    updates, optimization = optimizer.update(gradients, optimization)
    return (optax.apply_updates(parameters, updates), moments, optimization, key), loss


@partial(jax.jit, static_argnums=(0, 3))
def log_weights(case: Case, parameters: dict, x, draws: int, key):
    """log p(x|z) + log p(z) − log q(z|x) of some draws of each row, [draws, rows]."""
    mean, log_variance = posterior(case, parameters, {}, {}, x)
    noise = jax.random.normal(key, (draws, *mean.shape))
    z = mean + jnp.exp(log_variance / 2) * noise
    logits = decoded(case, parameters, {}, {}, z)
    likelihood = (x * logits - jax.nn.softplus(logits)).sum(-1)
    return likelihood + (jnp.square(noise) + log_variance - jnp.square(z)).sum(-1) / 2


def evaluate(case: Case, parameters: dict, key, draws: int = 1000, rows: int = 50, part: int = 50):
    """−log p(x) by importance sampling, and the seconds that it took, compilation left out."""
    x = jnp.asarray(data.test_rows()).astype(jnp.float32) / 255
    log_weights(case, parameters, x[:rows], part, key).block_until_ready()
    started = time.perf_counter()
    total = 0.0
    for start in range(0, len(x), rows):
        keys = jax.random.split(jax.random.fold_in(key, start), draws // part)
        weights = jnp.concatenate([log_weights(case, parameters, x[start : start + rows], part, k) for k in keys])
        total += float((jax.nn.logsumexp(weights, 0) - jnp.log(draws)).sum())
    return -total / len(x), time.perf_counter() - started


def main() -> None:
    asked = arguments()
    case: Case = asked.case
    key = jax.random.key(asked.seed)
    rows = jnp.asarray(data.rows(case))
    if case.data != "bytes":
        rows = rows.astype(jnp.float32) / 255
    parameters, moments = initial(key, case, rows.mean(0) if case.data_mean else None)
    optimizer = optax.adam(LEARNING_RATE, eps=case.epsilon)
    state = (parameters, moments, optimizer.init(parameters), jax.random.fold_in(key, 1))
    recorder = Recorder(case, synchronize=lambda: jax.block_until_ready(state))
    losses = []
    batches = len(rows) // case.batch
    going = True
    while going:
        order = jax.random.permutation(jax.random.fold_in(key, 2 + len(losses)), len(rows))
        for index in range(batches):
            state, loss = step(case, optimizer, state, rows, order, index)
            losses.append(loss)
            going = recorder.tick()
            if not going:
                break
    more = {}
    if case.evaluated:
        loss, seconds = evaluate(case, state[0], key)
        more = dict(negativeLogLikelihood=loss, seconds=seconds, peakMegabytes=peak_megabytes())
    recorder.report([float(value) for value in losses], **more)


if __name__ == "__main__":
    main()
