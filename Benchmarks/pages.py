"""The tables, as Markdown."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from pathlib import Path

from contenders.cases import Case
from contenders.data import MNIST
from results import Results

TITLES = dict(
    latent="Latent",
    torch="PyTorch, eager",
    compile="PyTorch, compiled",
    jax="JAX",
    pythae="pythae",
    tutorial="tutorial's loop",
)
NOTHING = "–"


def page(results: Results, skipped: dict[str, str], threads: int, rounds: int) -> str:
    """RESULTS.md."""
    trained = [case for case in results.cases if not case.evaluated and case.data != "bytes"]
    evaluated = [case for case in results.cases if case.evaluated]
    growing = [case for case in results.cases if case.data == "bytes"]
    sections = [
        "# Latent beside its peers",
        _machine(threads, rounds),
        _steps(results, trained),
        _ratios(results, trained),
        _losses(results, trained + growing),
        _starts(results, trained),
        _evaluations(results, evaluated),
        _rows(results, growing),
        _draws(results, trained),
        _meanings(results),
        _notes(results, skipped),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _machine(threads: int, rounds: int) -> str:
    parts = [f"{name} {version(name)}" for name in ("torch", "jax", "optax", "pythae", "numpy")]
    data = (
        "MNIST's 60,000 training pictures" if MNIST else "random bytes of MNIST's shape, as no folder of MNIST was given"
    )
    load = f"{os.getloadavg()[2]:.1f}"
    return "\n".join(
        [
            f"{date.today().isoformat()}, {_processor()}, {os.cpu_count()} cores, {threads} of them used, "
            f"{platform.system()} {platform.machine()}. {_latent()}, {', '.join(parts)}, Python {platform.python_version()}.",
            "",
            f"Each number is the median over {rounds} {'round' if rounds == 1 else 'rounds'}, with the least and the "
            f"greatest in parentheses. Data: {data}. All in float32. The machine's load over the last 15 minutes of the "
            f"measurement was {load}; much more than {threads} says that others used it too{_priority()}. README.md says how "
            "each contender is written.",
        ]
    )


def _priority() -> str:
    """What to make of that load where the processes go before all others."""
    if not hasattr(os, "sched_getscheduler") or os.sched_getscheduler(0) not in (os.SCHED_FIFO, os.SCHED_RR):
        return ""
    return "; the contenders went before them, by a real-time priority"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown processor")


def _latent() -> str:
    try:
        done = subprocess.run([os.environ.get("LATENT", ""), "--version"], capture_output=True, text=True)
    except OSError:
        return "Latent not built"
    return f"Latent {done.stdout.strip().splitlines()[-1]}" if done.stdout.strip() else "Latent"


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _by_contender(
    results: Results, cases: list[Case], cell: Callable[[Case, str], str], names: list[str] | None = None
) -> str:
    """A row for each case and a column for each contender that has a result in any."""
    present = {name for case in cases for name in results.contenders(case)}
    columns = [name for name in names or TITLES if name in present]
    if not columns:
        return ""
    rows = [
        [f"`{case.name}`"] + [cell(case, name) if name in results.contenders(case) else NOTHING for name in columns]
        for case in cases
    ]
    return _table(["", *(TITLES[name] for name in columns)], rows)


def _spread(values: list[float], digits: int = 0) -> str:
    """Median (least–greatest)."""
    if not values:
        return NOTHING
    ordered = sorted(values)
    middle = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
    text = f"{middle:,.{digits}f}"
    return text if len(ordered) == 1 else f"{text} ({ordered[0]:,.{digits}f}–{ordered[-1]:,.{digits}f})"


def _ratio(results: Results, case: Case, name: str, key: str) -> str:
    own, other = results.median(case, "latent", key), results.median(case, name, key)
    return f"{other / own:.2f}" if own and other else NOTHING


def _section(title: str, text: str, table: str) -> str:
    return f"## {title}\n\n{text}\n\n{table}" if table else ""


def _steps(results: Results, cases: list[Case]) -> str:
    def cell(case: Case, name: str) -> str:
        threads = results.threads(case, name)
        if name == "latent":
            threads = int(results.values(case, name, "ownThreads")[0])
        return f"{_spread(results.values(case, name, 'stepMicroseconds'))}, {threads} t"

    return _section(
        "A training step, in microseconds",
        "“t” are the threads: those that Latent chose by itself; for PyTorch and JAX the faster of one and all, tried in "
        "the first round.",
        _by_contender(results, cases, cell),
    )


def _ratios(results: Results, cases: list[Case]) -> str:
    peers = [name for name in TITLES if name != "latent"]
    own = [case for case in cases if results.of(case, "latent")]
    return _section(
        "The peers' time over Latent's",
        "Above 1, Latent is the faster.",
        _by_contender(results, own, lambda case, name: _ratio(results, case, name, "stepMicroseconds"), peers),
    )


def _losses(results: Results, cases: list[Case]) -> str:
    disagreements = [results.disagreement(case, name) for case in cases for name in results.contenders(case)]
    found = [sentence for sentence in disagreements if sentence]
    verdict = "\n".join(f"- {sentence}" for sentence in found) if found else "They agree within their noise."
    return _section(
        "−ELBO after the same number of steps, in nats per row",
        "Whoever does the same work gets the same loss, up to its own draws. The mean over the last steps (a tenth of "
        f"those timed).\n\n{verdict}",
        _by_contender(results, cases, lambda case, name: _spread(results.values(case, name, "loss"), 2)),
    )


def _starts(results: Results, cases: list[Case]) -> str:
    def cell(case: Case, name: str) -> str:
        seconds = _spread(results.values(case, name, "startupSeconds"), 2)
        return f"{seconds} s, {results.median(case, name, 'peakMegabytes'):,.0f} MB"

    return _section(
        "From the start of the process to the end of the first step, and the most memory",
        "It contains imports, reading and scaling the data, building and compiling. What PyTorch compiles in the first "
        "round it finds again in the later ones, so its greatest number is the first time.",
        _by_contender(results, cases, cell),
    )


def _evaluations(results: Results, cases: list[Case]) -> str:
    rows = []
    for case in cases:
        for name in results.contenders(case):
            rows.append(
                [
                    TITLES[name],
                    _spread(results.values(case, name, "seconds"), 2),
                    NOTHING if name == "latent" else _ratio(results, case, name, "seconds"),
                    _spread(results.values(case, name, "negativeLogLikelihood"), 2),
                ]
            )
    return _section(
        "−log p(x) of 1,000 rows by 1,000 draws each",
        "Each contender judges its own model, trained for one epoch by itself. Compiling is left out.",
        _table(["", "seconds", "over Latent's", "−log p(x), nats per row"], rows) if rows else "",
    )


def _rows(results: Results, cases: list[Case]) -> str:
    def cell(case: Case, name: str) -> str:
        nanoseconds = [value / case.batch * 1000 for value in results.values(case, name, "stepMicroseconds")]
        start = results.median(case, name, "startupSeconds")
        return f"{_spread(nanoseconds)} ns, {results.median(case, name, 'peakMegabytes'):,.0f} MB, {start:.1f} s"

    return _section(
        "With more rows",
        "Nanoseconds a row of training, the most memory, and the start to the first step, by the number of rows of 784 "
        "random bytes. All keep them as bytes; the tutorial's loop scales each row by itself, the others a batch in its step.",
        _by_contender(results, cases, cell),
    )


def _draws(results: Results, cases: list[Case]) -> str:
    rows = []
    for batch in sorted({case.batch for case in cases if case.redrawn}):
        family = {case.draws: case for case in cases if case.redrawn and case.batch == batch}
        for name in TITLES:
            times = {draws: results.median(case, name, "stepMicroseconds") for draws, case in family.items()}
            present = {draws: value for draws, value in times.items() if value}
            if len(present) < 2:
                continue
            (few, many) = (min(present), max(present))
            slope = (present[many] - present[few]) / (many - few)
            cells = [f"{present[draws] / draws:,.0f}" if draws in present else NOTHING for draws in sorted(family)]
            rows.append([f"batch {batch}, {TITLES[name]}", *cells, f"{slope:,.0f}"])
    draws = sorted({case.draws for case in cases if case.redrawn})
    return _section(
        "With more draws a row",
        "Microseconds a step, divided by the draws, and what one draw more adds.",
        _table(["", *(f"K = {k}" for k in draws), "one more"], rows) if rows else "",
    )


def _meanings(results: Results) -> str:
    lines = [f"- `{case.name}`: {case.what}; {case.steps} steps." for case in results.cases]
    return "## The cases\n\n" + "\n".join(lines)


def _notes(results: Results, skipped: dict[str, str]) -> str:
    lines = [f"- {TITLES[name]} was left out: {reason}." for name, reason in skipped.items()]
    lines += [f"- {r.case}, {TITLES[r.contender]}, {r.threads} threads: {r.failure}" for r in results.all if r.failure]
    return "## What did not run\n\n" + "\n".join(lines) if lines else ""
