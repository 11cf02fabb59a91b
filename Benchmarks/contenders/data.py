"""The rows: MNIST where a folder of it is given, else random bytes of its shape; smooth random pictures for faces."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import numpy as np

from .cases import DIMENSIONS, Case

WORK = Path(__file__).resolve().parent.parent / ".work"
MNIST = os.environ.get("MNIST", "")
TRAINING, TEST = "train-images-idx3-ubyte", "t10k-images-idx3-ubyte"
FACES = 2000
TEST_ROWS = 1000


def _file(name: str) -> Path | None:
    """An IDX file as it is, or gzipped."""
    paths = (Path(MNIST) / name, Path(MNIST) / f"{name}.gz")
    return next((path for path in paths if path.exists()), None)


def missing() -> str:
    """A sentence where MNIST is given and is not there."""
    names = (TRAINING, TEST) if MNIST else ()
    absent = [name for name in names if _file(name) is None]
    return f"MNIST is '{MNIST}', which holds no {absent[0]} nor {absent[0]}.gz; give the folder of the IDX files." if absent else ""


def _idx(name: str) -> np.ndarray:
    path = _file(name)
    if path is None:
        raise SystemExit(missing())
    with gzip.open(path) if path.suffix == ".gz" else open(path, "rb") as file:
        return np.frombuffer(bytearray(file.read()), np.uint8, offset=16).reshape(-1, DIMENSIONS)


def _kept(path: Path, make) -> Path:
    """The file, made if it is not there; written beside and renamed."""
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        beside = path.with_suffix(f".{os.getpid()}.npy")
        np.save(beside, make())
        beside.rename(path)
    return path


def _random_bytes(rows: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (rows, 28, 28), np.uint8)


def _smooth_pictures() -> np.ndarray:
    """4 × 4 random colours enlarged to 64 × 64 with some noise, so that there is something to learn."""
    draws = np.random.default_rng(3)
    corners = draws.random((FACES, 4, 4, 3))
    at = np.linspace(0, 3, 64)
    below = np.minimum(at.astype(int), 2)
    part = at - below

    def between(values: np.ndarray, axis: int) -> np.ndarray:
        weight = part.reshape([-1 if index == axis else 1 for index in range(4)])
        return np.take(values, below, axis) * (1 - weight) + np.take(values, below + 1, axis) * weight

    pictures = between(between(corners, 1), 2) + draws.normal(0, 0.02, (FACES, 64, 64, 3))
    return (np.clip(pictures, 0, 1) * 255).round().astype(np.uint8)


def source(case: Case) -> Path:
    """What Latent reads: a folder of IDX files, or one array."""
    if case.data == "faces":
        return _kept(WORK / "faces.npy", _smooth_pictures)
    if case.data == "bytes":
        return _kept(WORK / f"bytes-{case.rows}.npy", lambda: _random_bytes(case.rows, 1))
    return Path(MNIST) if MNIST else _kept(WORK / "bytes-60000.npy", lambda: _random_bytes(60_000, 1))


def test_source() -> Path:
    """The rows of an evaluation."""
    if not MNIST:
        return _kept(WORK / "test-bytes.npy", lambda: _random_bytes(TEST_ROWS, 2))
    return _kept(WORK / "test-mnist.npy", lambda: _idx(TEST)[:TEST_ROWS].reshape(-1, 28, 28))


def rows(case: Case) -> np.ndarray:
    """Bytes, shape [rows, D], as the same files give them."""
    if case.data == "mnist" and MNIST:
        return _idx(TRAINING)
    return np.load(source(case)).reshape(-1, case.dimensions)


def test_rows() -> np.ndarray:
    """Bytes, shape [1000, 784]."""
    return np.load(test_source()).reshape(-1, DIMENSIONS)
