"""What was obtained so far, kept between calls, and the table of the documentation."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path

HEADING = "## Published and obtained"
_COLUMNS = ("what", "number", "published", "obtained", "schedule", "agrees", "made")


def machine() -> str:
    """The processor and its cores."""
    name = platform.processor() or platform.machine()
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                name = line.split(":", 1)[1].strip()
                break
    except OSError:
        pass
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} cores of {name}"


def digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]


def write(path: Path, text: str) -> None:
    """Beside, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text)
    beside.rename(path)


@dataclass
class Line:
    """A line of the table."""

    what: str
    number: str
    published: str
    obtained: str
    schedule: str
    agrees: str
    made: str

    def text(self) -> str:
        return "| " + " | ".join(getattr(self, column) for column in _COLUMNS) + " |"

    @property
    def place(self) -> tuple[str, str]:
        return (self.what, self.number)


def stamp(version: str) -> str:
    return f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d}, {version}, {machine()}"


@dataclass(frozen=True)
class Found:
    """A number that was obtained, with its standard error, after so many epochs, and when and where."""

    value: float
    error: float
    epochs: int
    made: str


class Record:
    """What was found, by the key of what made it, in a file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            kept = json.loads(path.read_text())
            self._found = {key: [Found(**found) for found in all_] for key, all_ in kept.items()}
        except FileNotFoundError:
            self._found = {}
        except (ValueError, TypeError, AttributeError):
            raise SystemExit(f"reproduce: '{path}' is not what was kept there; remove it, and all rows are made again.")

    def found(self, key: str) -> list[Found] | None:
        return self._found.get(key)

    def keep(self, key: str, found: list[Found]) -> None:
        self._found[key] = found
        kept = {key: [asdict(number) for number in numbers] for key, numbers in self._found.items()}
        write(self.path, json.dumps(kept, ensure_ascii=False, indent=1))


def _cells(text: str) -> Line | None:
    cells = [cell.strip() for cell in text.strip().strip("|").split("|")]
    return Line(*cells) if len(cells) == len(_COLUMNS) else None


def demand_table(page: Path) -> None:
    """Ends in a sentence where a page has no place for the table."""
    if not page.is_file() or HEADING not in page.read_text():
        raise SystemExit(f"reproduce: '{page}' has no heading '{HEADING}', below which the table goes; give such a page.")


def rewrite(page: Path, found: list[Line], unfinished: list[Line], places: list[tuple[Line, bool]]) -> None:
    """Puts lines into the page's table, in the order of their places.

    A place keeps what an earlier call wrote where nothing was found since; one that is not needed is left out while it has nothing.
    """
    before, rest = page.read_text().split(HEADING, 1)
    inside, bar, after = rest.partition("\n## ")
    old = {line.place: line for line in map(_cells, inside.splitlines()) if line}
    made = {line.place: line for line in found}
    newer = {line.place: line for line in unfinished}
    lines = []
    for line, is_needed in places:
        kept = old.get(line.place)
        has_number = kept is not None and kept.obtained != line.obtained
        chosen = made.get(line.place) or (kept if has_number else newer.get(line.place) or (kept or line if is_needed else None))
        if chosen:
            lines.append(chosen)
    table = [
        "| " + " | ".join(_COLUMNS) + " |",
        "|" + "---|" * len(_COLUMNS),
        *(line.text() for line in lines),
    ]
    write(page, before + HEADING + "\n\n" + "\n".join(table) + "\n" + (bar + after if bar else ""))
