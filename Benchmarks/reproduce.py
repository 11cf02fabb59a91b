"""Obtains published results again, says how far each came, and keeps the table in the documentation."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from reproduction.experiments import EXPERIMENTS, STAGES, Experiment, Filling, Quantity
from reproduction.record import Found, Line, Record, demand_table, digest, rewrite, stamp

FOLDER = Path(__file__).resolve().parent
WORK = FOLDER / ".work" / "reproduce"
PAGE = FOLDER.parent / "Sources" / "Latent" / "Latent.docc" / "Reproduction.md"
NOT_YET = "not yet"


def refuse(sentence: str, code: int = 1) -> NoReturn:
    print(f"reproduce: {sentence}", file=sys.stderr)
    raise SystemExit(code)


class Stopped(Exception):
    """Whoever called asked for an end, and the training has saved where it is."""


class Latent:
    """The command."""

    def __init__(self, path: str, threads: int) -> None:
        self.path, self.threads = path, threads
        self._child: subprocess.Popen | None = None
        self._is_asked = False
        if not Path(path).is_file():
            refuse(f"there is no command at '{path}'; run 'make build', or name one by LATENT.")
        self.version = f"latent {self.run('--version').strip()}"
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)

    def _ask(self, *_: object) -> None:
        # The command is in a session of its own, and hears of it once: a second signal would end it before it has saved.
        if not self._is_asked and self._child and self._child.poll() is None:
            self._child.send_signal(signal.SIGINT)
        self._is_asked = True

    def run(self, *words: str) -> str:
        """What the command prints; a failure ends everything in its own sentence."""
        if self._is_asked:
            raise Stopped
        self._child = subprocess.Popen(
            [self.path, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        if self._is_asked:
            self._child.send_signal(signal.SIGINT)
        output, errors = self._child.communicate()
        code = self._child.returncode
        if self._is_asked:
            raise Stopped
        if code:
            last = (errors.strip().splitlines() or [f"it ended with {code}"])[-1]
            refuse(f"'latent {' '.join(words)}' failed: {last.removeprefix('latent: ')}")
        return output

    def has(self, family: str, choice: str) -> bool:
        listed = json.loads(self.run("list", family, "--json"))
        return any(entry["name"] == choice for entry in listed[family])


class Reproduction:
    """One call."""

    def __init__(self, latent: Latent, data: Path, asked: argparse.Namespace) -> None:
        self.latent, self.data, self.asked = latent, data, asked
        self.work = asked.work.resolve()
        self.record = Record(self.work / "record.json")
        self.lines: list[Line] = []

    def say(self, lines: list[Line]) -> None:
        self.lines += lines
        for line in lines:
            print(line.text(), flush=True)
        self.write()

    def write(self, unfinished: list[Line] = []) -> None:
        places = [place for experiment in EXPERIMENTS for place in pending(experiment)]
        rewrite(self.asked.page, self.lines, unfinished, places)

    def source(self, experiment: Experiment | Filling) -> str:
        if experiment.source == "digits":
            return experiment.source
        path = self.data / experiment.source
        if not path.exists():
            refuse(
                f"{experiment.title} needs '{path}', which is not there; give the folder that holds {experiment.source} by DATA=, "
                "or leave the row out by ROWS=."
            )
        return str(path)

    def make(self, experiment: Experiment | Filling) -> None:
        """Everything that one experiment is to give, as far as it was not made before."""
        if isinstance(experiment, Filling):
            key = digest(experiment.source, experiment.fraction, experiment.seeds, self.latent.version)
            self.say(lines(experiment, 0, self._kept(key) or self._keep(key, self.fill(experiment, key))))
            return
        if experiment.needs and not self.latent.has(*experiment.needs):
            print(f"{experiment.title}: left out, as this command has no {experiment.needs[1]} among its {experiment.needs[0]}.")
            return
        key = digest(
            experiment.source, experiment.preset, experiment.settings, experiment.evaluation, experiment.seed, self.latent.version
        )
        run = self.work / f"{experiment.name}-{key}"
        if self.asked.force:
            shutil.rmtree(run, ignore_errors=True)
        for stop in (*experiment.stops, *(experiment.full if self.asked.full else ())) or (0,):
            at = f"{key}-{stop}"
            found = self._kept(at)
            if not found:
                try:
                    self.train(experiment, run, stop)
                    found = self._keep(at, self.judge(experiment, run))
                except Stopped:
                    self.tell(experiment, run)
                    raise
            self.say(lines(experiment, stop, found))
            self.show(experiment, run)

    def _kept(self, key: str) -> list[Found] | None:
        return None if self.asked.force else self.record.found(key)

    def _keep(self, key: str, found: list[Found]) -> list[Found]:
        self.record.keep(key, found)
        return found

    def train(self, experiment: Experiment, run: Path, stop: int) -> None:
        """Starts, or goes on where an earlier call was stopped."""
        settings = [f"threads={self.latent.threads}"] + ([f"training.epochs={stop}"] if stop else [])
        words = [word for setting in settings for word in ("--set", setting)]
        source = self.source(experiment)
        if (run / "config.yaml").exists():
            manifest = read(run / "manifest.json")
            if manifest.get("status") == "finished" and (not stop or manifest["epochs"] >= stop):
                return
            self.latent.run("train", "--resume", str(run), *words)
            return
        words = [word for setting in experiment.settings for word in ("--set", setting)] + words
        self.latent.run(
            "train", source, "--preset", experiment.preset, "--seed", str(experiment.seed), "--out", str(run), *words
        )

    def judge(self, experiment: Experiment, run: Path) -> list[Found]:
        words = ("evaluate", str(run), *experiment.evaluation, "--threads", str(self.latent.threads), "--json")
        judged = json.loads(self.latent.run(*words))
        for quantity in experiment.quantities:
            if not isinstance(judged.get(quantity.key), (int, float)):
                refuse(f"{experiment.title}: 'latent {' '.join(words)}' gave no {quantity.label}; look at the report in '{run}'.")
        epochs, made = read(run / "manifest.json")["epochs"], stamp(self.latent.version)
        return [
            Found(judged[quantity.key], judged.get(quantity.error, 0.0), epochs, made) for quantity in experiment.quantities
        ]

    def tell(self, experiment: Experiment, run: Path) -> None:
        """How far a training came that was stopped."""
        epochs = self.show(experiment, run)
        print(f"{experiment.title}: stopped; {schedule(epochs, experiment)}. The same command goes on.", file=sys.stderr)

    def show(self, experiment: Experiment, run: Path) -> int:
        """Puts how far a schedule came into the table, in the line of its end, while that has no number."""
        epochs = read(run / "manifest.json").get("epochs", 0)
        if experiment.full:
            far = [line for line, is_needed in pending(experiment)[-len(experiment.quantities) :]]
            self.write([replace(line, schedule=schedule(epochs, experiment)) for line in far])
        return epochs

    def fill(self, filling: Filling, key: str) -> list[Found]:
        """Baselines of a table whose rows the run cannot read any more, so that nothing but holes is known."""
        source = self.source(filling)
        copy, run = self.work / f"{filling.name}-{key}.csv", WORK / f"{filling.name}-{key}"
        shutil.rmtree(run, ignore_errors=True)
        shutil.copy(source, copy)
        threads = str(self.latent.threads)
        try:
            self.latent.run("train", str(copy), "--preset", "ppca", "--set", f"threads={threads}", "--out", str(run))
        finally:
            copy.unlink()
        values: dict[str, list[float]] = {}
        for seed in range(filling.seeds):
            words = ("--part", "all", "--fraction", str(filling.fraction), "--seed", str(seed), "--completions", "0", "--steps", "2")
            out = ("--threads", threads, "--out", str(run / "filled.csv"), "--json")
            for baseline in json.loads(self.latent.run("impute", str(run), source, *words, *out))["score"]["baselines"]:
                values.setdefault(baseline["name"], []).append(baseline["meanSquaredError"])
        # One published draw of holes differs from the mean over draws as a draw does, not as the mean of several does.
        return [
            Found(statistics.mean(values[name]), statistics.stdev(values[name]), 0, stamp(self.latent.version))
            for name, _ in filling.baselines
        ]


def quantities(experiment: Experiment | Filling) -> list[Quantity]:
    if isinstance(experiment, Filling):
        return [quantity for _, quantity in experiment.baselines]
    return list(experiment.quantities)


def title(experiment: Experiment | Filling, stop: int) -> str:
    return experiment.title + (f", {stop} epochs" if stop else "")


def lines(experiment: Experiment | Filling, stop: int, found: list[Found]) -> list[Line]:
    """What was found as lines of the table."""
    return [line(experiment, stop, quantity, number) for quantity, number in zip(quantities(experiment), found)]


def line(experiment: Experiment | Filling, stop: int, quantity: Quantity, found: Found) -> Line:
    is_over = not stop or stop == experiment.full[-1]
    agrees = ("yes" if quantity.published.agrees(found.value, found.error) else "no") if is_over else "not over"
    error = found.error
    digits = 0 if found.value == round(found.value) else 6 if not error else max(1, 4 - len(str(int(error * 1000))))
    obtained = f"{found.value:.{digits}f}" + (f" ± {error:.{digits}f}" if error else "")
    return Line(
        title(experiment, stop),
        quantity.label,
        quantity.published.text,
        obtained.replace("-", "−"),
        schedule(found.epochs, experiment),
        agrees,
        found.made,
    )


def schedule(epochs: int, experiment: Experiment | Filling) -> str:
    """Epochs and, of a schedule of stages, the stage."""
    if isinstance(experiment, Filling):
        return f"{experiment.seeds} draws of holes, ± of one"
    if not experiment.full:
        return f"{epochs} {experiment.steps}" if epochs > 1 else "closed form"
    over = [stage for stage, end in enumerate(STAGES) if epochs >= end]
    stages = f"stages 0–{over[-1]} of 0–{len(STAGES) - 1} over" if over else f"in stage 0 of 0–{len(STAGES) - 1}"
    return f"{epochs} of {experiment.full[-1]} epochs, {stages}"


def pending(experiment: Experiment | Filling) -> list[tuple[Line, bool]]:
    """The lines of an experiment while nothing was made, and whether the table has them before."""
    if isinstance(experiment, Filling):
        stops, needed = [0], [0]
    else:
        stops = [*experiment.stops, *experiment.full] or [0]
        needed = [*experiment.stops, *experiment.full[-1:]] or [0]
    return [
        (Line(title(experiment, stop), quantity.label, quantity.published.text, NOT_YET, "", "", ""), stop in needed)
        for stop in stops
        for quantity in quantities(experiment)
    ]


def read(path: Path) -> dict:
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return {}


def chosen(text: str) -> list[Experiment | Filling]:
    """The experiments whose names are, or start with, one of the words; without words all that are not optional."""
    if not text:
        return [experiment for experiment in EXPERIMENTS if not experiment.optional]
    found = []
    for word in text.split(","):
        named = [experiment for experiment in EXPERIMENTS if experiment.name == word]
        meant = named or [experiment for experiment in EXPERIMENTS if word and experiment.name.startswith(word)]
        if not meant:
            names = ", ".join(experiment.name for experiment in EXPERIMENTS)
            refuse(f"ROWS names '{word}'; there are {names}.", 2)
        found += [experiment for experiment in meant if experiment not in found]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", default="", help="names, or their beginnings, with commas between; all but the optional where empty")
    parser.add_argument("--full", action="store_true", help="the whole schedule of the classic benchmark")
    parser.add_argument("--force", action="store_true", help="make rows again that were made")
    parser.add_argument("--threads", type=int, default=0, help="of each training; 0 chooses by the work")
    parser.add_argument("--page", type=Path, default=PAGE, help="the page whose table is written")
    parser.add_argument("--work", type=Path, default=WORK, help="where runs and what was found are kept")
    parser.add_argument("--list", action="store_true", help="print the names of the rows")
    asked = parser.parse_args()
    if asked.list:
        for experiment in EXPERIMENTS:
            print(f"{experiment.name:24} {experiment.title}{' (optional)' if experiment.optional else ''}")
        return
    experiments = chosen(asked.rows)
    data = os.environ.get("DATA", "")
    if not data and any(experiment.source != "digits" for experiment in experiments):
        refuse("DATA is not set; give the folder that holds mnist/ and tabular/, as in 'make reproduce DATA=path/to/data'.", 2)
    latent = Latent(os.environ.get("LATENT") or str(FOLDER.parent / ".build" / "release" / "latent"), asked.threads)
    reproduction = Reproduction(latent, Path(data).resolve(), asked)
    # What is not there is said before anything takes time.
    demand_table(asked.page)
    for experiment in experiments:
        reproduction.source(experiment)
    reproduction.work.mkdir(parents=True, exist_ok=True)
    try:
        for experiment in experiments:
            reproduction.make(experiment)
    except Stopped:
        raise SystemExit(130)
    print(f"written to {os.path.relpath(asked.page)}")
    if any(line.agrees == "no" for line in reproduction.lines):
        raise SystemExit(1)


if __name__ == "__main__":
    try:
        main()
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read has enough, and Python would try once more to write what is left.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
