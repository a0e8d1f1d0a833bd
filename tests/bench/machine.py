"""What a figure depends on besides the program: the machine, and how much of its memory a process takes."""

import os
import platform
import resource
from collections.abc import Iterator
from datetime import date
from pathlib import Path

_KB = 1024


def machine() -> dict[str, str | int]:
    """Return the number of cores this process may use, the CPU's model, the version of Python and today's date."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "cpu": _cpu_model(),
        "python": platform.python_version(),
        "date": date.today().isoformat(),
    }


def machine_line() -> str:
    """Return the machine in one line."""
    facts = machine()
    return f"{facts['cores']} cores, {facts['cpu']}; Python {facts['python']}; {facts['date']}"


def peak_bytes() -> int:
    """Return the most memory that this process ever held resident.

    `getrusage` counts what the parent held when it started this process, too; the kernel's high-water mark does not.
    """
    return _kept("self", "status", "VmHWM") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KB


def resident_bytes(process: int | str = "self") -> int:
    """Return the memory that a process holds resident, 0 where it is gone."""
    return _kept(process, "status", "VmRSS")


def proportional_bytes(process: int) -> int:
    """Return the memory that a process holds resident, a page that n processes share counted as 1/n; 0 where it is gone."""
    return _kept(process, "smaps_rollup", "Pss")


def family(process: int) -> Iterator[int]:
    """Yield the process and all processes below it."""
    yield process
    for child in _children(process):
        yield from family(child)


def _cpu_model() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown CPU")


def _kept(process: int | str, file: str, name: str) -> int:
    """Return a figure that the kernel keeps of a process, in bytes."""
    try:
        lines = Path(f"/proc/{process}/{file}").read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) * _KB for line in lines if line.startswith(f"{name}:")), 0)


def _children(process: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found += map(int, task.read_text(encoding="utf-8").split())
        except (FileNotFoundError, ProcessLookupError):  # the thread ended meanwhile
            continue
    return found
