"""What the processes reported, and what it comes to."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field

from contenders.cases import Case


@dataclass
class Result:
    """One process."""

    case: str
    contender: str
    threads: int
    found: dict
    failure: str

    def line(self, round_: int) -> str:
        """For the terminal, while it runs."""
        start = f"round {round_}  {self.case:16} {self.contender:9} {self.threads} threads  "
        if self.failure:
            return start + self.failure
        seconds = f", log p(x) in {self.found['seconds']:.2f} s" if "seconds" in self.found else ""
        return start + f"{self.found['stepMicroseconds']:10.0f} µs a step, −ELBO {self.found['loss']:.2f}{seconds}"


@dataclass
class Results:
    """All processes so far, failures among them."""

    cases: list[Case]
    all: list[Result] = field(default_factory=list)

    def of(self, case: Case, contender: str) -> list[Result]:
        """Those that ended well, with the threads that were the fastest."""
        good = self._good(case, contender)
        if not good:
            return []
        threads = self.threads(case, contender)
        return [result for result in good if result.threads == threads]

    def threads(self, case: Case, contender: str) -> int:
        """The threads of the fastest process; one thread where none ended well."""
        good = self._good(case, contender)
        key = "seconds" if case.evaluated else "stepMicroseconds"
        return min(good, key=lambda result: result.found[key]).threads if good else 1

    def values(self, case: Case, contender: str, key: str) -> list[float]:
        return [result.found[key] for result in self.of(case, contender) if key in result.found]

    def median(self, case: Case, contender: str, key: str) -> float | None:
        values = self.values(case, contender, key)
        return statistics.median(values) if values else None

    def contenders(self, case: Case) -> list[str]:
        """Those with a result, in the case's order."""
        return [name for name in case.contenders if self.of(case, name)]

    def disagreement(self, case: Case, contender: str) -> str:
        """A sentence where a contender's loss is not that of the others, so that it cannot have done the same work.

        Seeds and batches differ, so losses do too: by less than 5 % of what training has gained, or 0.2 % of the loss.
        """
        losses = {name: self.median(case, name, "loss") for name in self.contenders(case)}
        first = [value for name in losses for value in self.values(case, name, "firstLoss")]
        if len(losses) < 2 or not first:
            return ""
        middle = statistics.median(losses.values())
        allowed = max(0.05 * abs(statistics.median(first) - middle), 0.002 * abs(middle))
        if abs(losses[contender] - middle) <= allowed:
            return ""
        return (
            f"{case.name}, {contender}: −ELBO {losses[contender]:.2f} is more than {allowed:.2f} from {middle:.2f}, "
            "the median of all; it did not do the same work."
        )

    def _good(self, case: Case, contender: str) -> list[Result]:
        return [r for r in self.all if (r.case, r.contender) == (case.name, contender) and not r.failure]
