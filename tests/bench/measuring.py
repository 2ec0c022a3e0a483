"""Taking times, and writing down what a run has found."""

import gc
import json
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .drawing import bars

PLOTS = {
    "plans": ("CPU seconds of a plan", "cpu_seconds", "s"),
    "memory": ("Highest memory use of a plan", "peak_megabytes", "MB"),
    "asked": ("People asked for each need helped", "asked_per_need_helped", ""),
    "gini": ("How unevenly visits are shared", "gini_of_visits", ""),
}
"""By file: the title, the figure that is drawn for every subject that has it, its unit."""

Work = Callable[[], object]


def cpu_seconds(work: Work, times: int = 3) -> list[float]:
    """Return the CPU seconds of every repetition, in order of size."""
    taken = []
    for _ in range(times):
        gc.collect()
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return sorted(taken)


def median_cpu(work: Work, times: int = 3) -> float:
    """Return the median CPU seconds of a few repetitions."""
    return statistics.median(cpu_seconds(work, times))


@dataclass
class Report:
    """The figures of one run, by subject; written anew with each, so a run cut short is kept."""

    scale: float
    folder: Path
    figures: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, subject: str, **figures: Any) -> None:
        """Keep the figures of a subject and write all."""
        self.figures.setdefault(subject, {}).update(figures)
        self._write(self.folder)

    def _write(self, folder: Path) -> None:
        """Write bench.json, bench.md and the plots."""
        folder.mkdir(parents=True, exist_ok=True)
        content = {"run": self._run(), **self.figures}
        (folder / "bench.json").write_text(json.dumps(content, indent=1), encoding="utf-8")
        (folder / "bench.md").write_text("\n".join(self._lines()), encoding="utf-8")
        for name, (title, figure, unit) in PLOTS.items():
            values = {s: f[figure] for s, f in self.figures.items() if figure in f}
            if values:
                plot = bars(title, unit, values)
                (folder / f"bench-{name}.svg").write_text(plot, encoding="utf-8")

    def _run(self) -> dict[str, Any]:
        return {
            "date": datetime.now(UTC).strftime("%Y-%m-%d"),
            "machine": _processor(),
            "python": platform.python_version(),
            "numpy": version("numpy"),
            "highspy": version("highspy"),
            "scale": self.scale,
        }

    def _lines(self) -> list[str]:
        run = ", ".join(f"{name} {value}" for name, value in self._run().items())
        lines = [f"Command: `BENCH_SCALE={self.scale:g} make bench`; {run}.", ""]
        for subject, figures in self.figures.items():
            lines += [f"## {subject}", "", "| figure | value |", "|---|---|"]
            lines += [f"| {name.replace('_', ' ')} | {_shown(v)} |" for name, v in figures.items()]
            lines.append("")
        return lines


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text(encoding="utf-8").splitlines() if facts.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} × {names[0]}" if names else platform.machine()


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)
