"""What is measured: each case once, in words that every contender reads."""

from __future__ import annotations

from dataclasses import dataclass, field

DIMENSIONS = 784
LOG_VARIANCE_RANGE = (-20.0, 10.0)
LEARNING_RATE = 1e-3


@dataclass(frozen=True)
class Case:
    """A model, its data and the work of a step; all contenders do the same."""

    name: str
    what: str
    batch: int
    steps: int
    preset: str
    settings: tuple[str, ...] = ()
    data: str = "mnist"
    rows: int = 0
    latents: int = 16
    hidden: tuple[int, ...] = (512, 512)
    activation: str = "relu"
    glorot: bool = True
    draws: int = 1
    redrawn: bool = False
    data_mean: bool = False
    epsilon: float = 1e-8
    channels: tuple[int, ...] = ()
    picture: tuple[int, int, int] = (28, 28, 1)
    resized: bool = False
    normalized: bool = False
    dropout: float = 0.0
    likelihood: str = "bernoulli"
    reconstruction_weight: float = 1.0
    evaluated: bool = False
    contenders: tuple[str, ...] = field(default=())

    @property
    def chunk(self) -> int:
        """Steps that are timed together."""
        return max(1, min(50, self.steps // 10))

    @property
    def warm_up(self) -> int:
        """Steps before the first that is timed."""
        return 2 * self.chunk

    @property
    def tail(self) -> int:
        """The last steps, over which the loss is averaged: a tenth of those timed, as Latent does."""
        return max(1, (self.steps - self.warm_up) // 10)

    @property
    def dimensions(self) -> int:
        height, width, channels = self.picture
        return height * width * channels


TUNED = ("latent", "torch", "compile", "jax")
USUAL = ("pythae", "tutorial")


def perceptron(batch: int, steps: int, **changes) -> Case:
    values = dict(
        name=f"mlp-{batch}",
        what=f"784-512-512-(2×16), 16-512-512-784, ReLU, Bernoulli on greys, batch {batch}",
        batch=batch,
        steps=steps,
        preset="mnist-mlp",
        settings=("data.rows=0", "data.validation=0"),
        contenders=TUNED + USUAL,
    )
    return Case(**(values | changes))


def classic(batch: int, draws: int, steps: int) -> Case:
    return Case(
        name=f"classic-{batch}-{draws}",
        what=f"784-200-200-(2×50), 50-200-200-784, tanh, redrawn to black and white, batch {batch}, "
        f"{draws} {'draw' if draws == 1 else 'draws'} a row",
        batch=batch,
        steps=steps,
        preset="mnist-iwae-vae",
        settings=("data.validation=0", f"objective.samples={draws}", "training.learningRateSchedule=constant"),
        latents=50,
        hidden=(200, 200),
        activation="tanh",
        draws=draws,
        redrawn=True,
        data_mean=True,
        epsilon=1e-4,
        contenders=TUNED,
    )


def many_rows(rows: int) -> Case:
    return perceptron(
        128,
        500,
        name=f"rows-{rows}",
        what=f"mlp-128 on {rows:,} rows of 784 random bytes",
        data="bytes",
        rows=rows,
        settings=("data.rows=0", "data.validation=0", "data.test=0"),
        contenders=("latent", "torch", "jax", "tutorial"),
    )


FACES = (
    "objective.reconstructionWeight=1",
    "data.validation=0",
    "data.test=0",
    "model.latents=200",
    "model.encoder={kind: convolutional, channels: [32, 64, 64, 64], hidden: [], activation: leaky-relu, "
    "batchNormalization: true, dropout: 0.1}",
    "model.decoder={kind: convolutional, channels: [32, 64, 64, 64], hidden: [], activation: leaky-relu, "
    "batchNormalization: true, enlargement: resized}",
    "model.likelihood=gaussian",
)

CASES = [
    perceptron(16, 2000),
    perceptron(128, 1000),
    perceptron(512, 500),
    classic(20, 1, 2000),
    classic(20, 5, 2000),
    classic(20, 50, 500),
    classic(100, 1, 1000),
    classic(100, 5, 1000),
    classic(100, 50, 100),
    Case(
        name="conv-mnist",
        what="convolutions 1-32-64, 128 hidden, 2 latents, transposed back, squared error × 10, batch 128",
        batch=128,
        steps=400,
        preset="mnist-conv-2d",
        settings=("data.validation=0",),
        latents=2,
        hidden=(128,),
        glorot=False,
        channels=(32, 64),
        likelihood="unit-gaussian",
        reconstruction_weight=10,
        contenders=TUNED,
    ),
    Case(
        name="conv-faces",
        what="64×64 RGB, convolutions 3-32-64-64-64, batch normalization, leaky ReLU, dropout 0.1, 200 latents, back by "
        "repeated pixels and convolutions, Gaussian with learned variance, batch 64",
        batch=64,
        steps=60,
        preset="mnist-conv-2d",
        settings=FACES,
        data="faces",
        latents=200,
        hidden=(),
        activation="leaky-relu",
        glorot=False,
        channels=(32, 64, 64, 64),
        picture=(64, 64, 3),
        resized=True,
        normalized=True,
        dropout=0.1,
        likelihood="gaussian",
        contenders=TUNED,
    ),
    perceptron(
        128,
        469,
        name="evaluate-1000",
        what="−log p(x) of 1,000 test rows by 1,000 draws a row, of mlp-128 trained for one epoch",
        evaluated=True,
        contenders=TUNED,
    ),
    many_rows(10_000),
    many_rows(100_000),
    many_rows(1_000_000),
]


def named(name: str) -> Case:
    for case in CASES:
        if case.name == name:
            return case
    raise SystemExit(f"'{name}' is no case; there are {', '.join(case.name for case in CASES)}.")
