"""Latent, by its own command; the one place that knows the command's words and keys."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time

from . import data
from .cases import Case
from .recorder import arguments

LATENT = os.environ.get("LATENT", "")
DRAWS = 1000


def _json(*words: str) -> dict:
    """What the command prints; its one sentence where it fails."""
    result = subprocess.run([LATENT, *words, "--json"], capture_output=True, text=True)
    if result.returncode:
        raise SystemExit(result.stderr.strip() or f"latent {words[0]} ended with {result.returncode}")
    return json.loads(result.stdout)


def _settings(case: Case, seed: int) -> list[str]:
    pairs = (*case.settings, f"training.batch={case.batch}", f"seed={seed}")
    return [word for pair in pairs for word in ("--set", pair)]


def train(case: Case, threads: int, seed: int) -> dict:
    """Times the case's steps; where `threads` is 0 Latent chooses."""
    found = _json(
        *("bench", str(data.source(case)), "--preset", case.preset, *_settings(case, seed)),
        *("--warm-up", str(case.warm_up), "--steps", str(case.steps - case.warm_up), "--seconds", "3600"),
        *("--threads", str(threads)),
    )
    keys = ("stepMicroseconds", "loss", "startupSeconds", "peakMegabytes", "limitMicroseconds")
    return {key: found[key] for key in keys} | dict(ownThreads=found["threads"])


def _seconds(*words: str) -> tuple[float, dict]:
    started = time.perf_counter()
    found = _json(*words)
    return time.perf_counter() - started, found


def evaluate(case: Case, threads: int, seed: int) -> dict:
    """Trains for one epoch, then times the estimate: the seconds of the command less those that it takes with 2 draws."""
    folder = tempfile.mkdtemp()
    try:
        run = os.path.join(folder, "run")
        _json(
            *("train", str(data.source(case)), "--preset", case.preset, *_settings(case, seed), "--out", run),
            *("--set", "training.epochs=1", "--set", f"threads={threads}"),
        )
        words = ("evaluate", run, str(data.test_source()), "--part", "all", "--threads", str(threads), "--samples")
        few, _ = _seconds(*words, "2")
        many, found = _seconds(*words, str(DRAWS))
    finally:
        shutil.rmtree(folder)
    return dict(seconds=many - few, negativeLogLikelihood=found["negativeLogLikelihood"])


def main() -> None:
    asked = arguments()
    found = train(asked.case, asked.threads, asked.seed)
    if asked.case.evaluated:
        found |= evaluate(asked.case, asked.threads, asked.seed)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
