"""What every Python contender reports, measured in one way."""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable

from .cases import Case, named


class Finished(Exception):
    """Raised in a loop that cannot be left otherwise."""


class Recorder:
    """Counts steps and times them in chunks; the first ones warm up and are not counted.

    The clock of the start is the driver's, taken before this process was made.
    """

    def __init__(self, case: Case, synchronize: Callable[[], None] = lambda: None) -> None:
        self.case = case
        self.synchronize = synchronize
        self.steps = 0
        self.startup = 0.0
        self.chunks: list[float] = []
        self._mark = 0.0

    def tick(self) -> bool:
        """A step is done; whether there are more to do."""
        self.steps += 1
        chunk, warm_up = self.case.chunk, self.case.warm_up
        if self.steps == 1:
            self.synchronize()
            self.startup = time.time() - float(os.environ["BENCH_STARTED"])
        if self.steps >= warm_up and self.steps % chunk == 0:
            self.synchronize()
            now = time.perf_counter()
            if self.steps > warm_up:
                self.chunks.append((now - self._mark) / chunk * 1e6)
            self._mark = now
        return self.steps < self.case.steps

    def report(self, losses: list[float], **more) -> None:
        """Prints the one line. `losses` are −ELBO of each step, in nats per row."""
        print(
            json.dumps(
                dict(
                    stepMicroseconds=statistics.median(self.chunks),
                    firstLoss=losses[0],
                    loss=statistics.fmean(losses[-self.case.tail :]),
                    startupSeconds=self.startup,
                    peakMegabytes=peak_megabytes(),
                )
                | more
            )
        )


def peak_megabytes() -> float:
    """The most resident memory that this process had, in 10⁶ bytes; Linux counts in KiB, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def arguments() -> argparse.Namespace:
    """What the driver says: the case, the threads and the seed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("case", type=named)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()
