"""Runs every contender of every case as a process of its own, interleaved over rounds, and writes the tables."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from typing import NoReturn

from contenders.cases import CASES, TUNED, Case
from contenders.data import WORK, missing, source, test_source
from pages import page
from results import Result, Results

FOLDER = Path(__file__).resolve().parent
MODULES = dict(
    latent="latent",
    torch="torch_step",
    compile="torch_step",
    jax="jax_step",
    pythae="pythae_trainer",
    tutorial="tutorial",
)
PROCESS_LIMIT = 900


def absent() -> dict[str, str]:
    """Contenders that cannot run here, and why."""
    reasons = {}
    latent = os.environ.get("LATENT", "")
    if not Path(latent).is_file():
        reasons["latent"] = f"there is no command at '{latent}'; run 'make build'"
    elif subprocess.run([latent, "bench", "--help"], capture_output=True).returncode:
        reasons["latent"] = "the command has no verb bench"
    compiler = os.environ.get("CXX") or next((name for name in ("g++", "clang++") if shutil.which(name)), "")
    header = Path(sysconfig.get_paths()["include"], "Python.h")
    if not compiler or not header.exists():
        reasons["compile"] = "torch.compile needs a C++ compiler and Python's headers"
    return reasons


def environment(contender: str, threads: int) -> dict[str, str]:
    """Each library gets the same number of threads by its own word for it."""
    count = str(threads)
    words = ("OMP_NUM_THREADS", "MKL_NUM_THREADS")
    return os.environ | {word: count for word in words} | dict(
        BENCH_CONTENDER=contender, BENCH_STARTED=repr(time.time()), PYTHONPATH=str(FOLDER)
    )


def run(contender: str, case: Case, threads: int, seed: int, cores: list[int]) -> Result:
    """One process, which is given as many cores as threads, as XLA takes as many threads as it has cores.

    Latent chooses by itself where `threads` is 0.
    """
    words = [sys.executable, "-m", f"contenders.{MODULES[contender]}", case.name, "--threads", str(threads)]
    threads = threads or len(cores)
    allowed = cores[:threads]
    pin = (lambda: os.sched_setaffinity(0, allowed)) if hasattr(os, "sched_setaffinity") else None
    started = time.perf_counter()
    try:
        done = subprocess.run(
            words + ["--seed", str(seed)],
            env=environment(contender, threads),
            capture_output=True,
            text=True,
            preexec_fn=pin,
            timeout=PROCESS_LIMIT,
        )
    except subprocess.TimeoutExpired:
        return Result(case.name, contender, threads, {}, f"took more than {PROCESS_LIMIT} s")
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        last = (done.stderr.strip().splitlines() or ["no output"])[-1]
        return Result(case.name, contender, threads, {}, f"ended with {done.returncode}: {last}")
    found = json.loads(lines[-1])
    found["processSeconds"] = time.perf_counter() - started
    return Result(case.name, contender, threads, found, "")


def choices(contender: str, count: int, is_all: bool) -> list[int]:
    """The threads to try: libraries that are tuned by hand are given one thread as well, and the faster counts.

    Latent chooses by itself, 0, of all that the machine has, and the loops that people write leave the default.
    """
    if contender == "latent" and is_all:
        return [0]
    return sorted({1, count}) if contender in TUNED else [count]


def refuse(sentence: str) -> NoReturn:
    """For what was asked wrongly."""
    print(f"bench: {sentence}", file=sys.stderr)
    raise SystemExit(2)


def chosen(text: str, names: list[str], variable: str) -> list[str]:
    """The names between commas, or all where there are none."""
    found = text.split(",") if text else names
    for name in found:
        if name not in names:
            refuse(f"{variable} names '{name}'; there are {', '.join(names)}.")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cases", default="", help="names with commas between; all where empty")
    parser.add_argument("--contenders", default="", help="names with commas between; all where empty")
    parser.add_argument("--threads", type=int, default=0, help="0 for as many as there are cores")
    parser.add_argument("--out", default="", help="where the tables go; RESULTS.md where nothing was left out")
    asked = parser.parse_args()

    names = {case.name: case for case in CASES}
    cases = [names[name] for name in chosen(asked.cases, list(names), "CASES")]
    wanted = chosen(asked.contenders, list(MODULES), "CONTENDERS")
    if asked.rounds < 1:
        refuse(f"ROUNDS is {asked.rounds}; at least 1 is needed.")
    if missing():
        refuse(missing())
    every_core = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else list(range(os.cpu_count() or 1))
    count = asked.threads or len(every_core)
    if not 1 <= count <= len(every_core):
        refuse(f"THREADS is {count}; this machine has {len(every_core)} cores.")
    cores = every_core[:count]
    is_whole = not asked.cases and not asked.contenders
    out = Path(asked.out) if asked.out else (FOLDER if is_whole else WORK) / "RESULTS.md"

    # Whoever ends this process ends the one that it waits for as well, and leaves nothing behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    skipped = absent()
    # A folder of its own, so that the first round compiles and the later ones find what it has compiled.
    cache = WORK / f"compiled-{os.getpid()}"
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(cache)
    results = Results(cases)
    try:
        for round_ in range(asked.rounds):
            for case in cases:
                source(case)
                if case.evaluated:
                    test_source()
                racing = [name for name in case.contenders if name in wanted and name not in skipped]
                turn = round_ % max(1, len(racing))
                for contender in racing[turn:] + racing[:turn]:
                    tries = choices(contender, count, count == os.cpu_count())
                    if round_ > 0 and len(tries) > 1:
                        tries = [results.threads(case, contender)]
                    for threads in tries:
                        result = run(contender, case, threads, round_, cores)
                        results.all.append(result)
                        print(result.line(round_ + 1), flush=True)
            out.parent.mkdir(exist_ok=True)
            write(out, page(results, skipped, count, round_ + 1))
    finally:
        shutil.rmtree(cache, ignore_errors=True)
    print(f"\n{out.read_text()}\nwritten to {out}")
    if any(result.failure for result in results.all):
        raise SystemExit(1)


def write(path: Path, text: str) -> None:
    """Beside, then renamed."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text)
    beside.rename(path)


if __name__ == "__main__":
    main()
