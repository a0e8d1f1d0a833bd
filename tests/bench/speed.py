"""Speed, size and memory of Telisik beside other engines, on made corpora.

    python -m tests.bench.speed 10000 100000 --json speed.json

Every engine runs in processes of its own, one that indexes and one that searches; all run one after the other.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.child import BuildFigures, QueryFigures
from tests.bench.corpus import Corpus
from tests.bench.engines import ENGINES
from tests.bench.machine import family, machine, machine_line, proportional_bytes
from tests.bench.making import made_corpus
from tests.bench.tables import figure, table
from tests.bench.web_load import CLIENTS, REQUESTS, web_load

DEFAULT_SIZE = 10_000
FOLDER = Path(".bench")
SAMPLED_SECONDS = 0.1  # between two looks at the memory of an engine that indexes
SYSTEM_PYTHON = "/usr/bin/python3"  # tried where a package is not in this environment: Xapian comes with the system
MB = 1_000_000

NOTES = """\
One query after the other, top 10 with ids, after 20 to warm up; reading a query is not timed. All search the same stems.
Telisik searches title and body as fields, stems and surface forms, and its totals are exact; a phrase is one of surface forms.
The others search one field of stems made beforehand (their index rate is without analysis, except Whoosh's) and keep no text;
none counts totals except for facets."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of an engine, or, in words, why nothing was."""

    figures: Mapping[str, float]
    version: str = ""
    absent: str = ""
    failed: bool = False


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 where an engine failed."""
    options = _options(arguments)
    record: dict[str, object] = {}
    failed = False
    for size in options.sizes:
        corpus = made_corpus(size, options.folder)
        engines = {name: measured(name, corpus, size) for name in options.engines}
        web = web_figures(corpus) if "telisik" in engines and not engines["telisik"].absent else {}
        record[str(size)] = _record(engines, web)
        print(report(size, engines, web), flush=True)
        failed |= any(engine.failed for engine in engines.values())
    if options.json:
        options.json.write_text(json.dumps({"machine": machine(), "sizes": record}, indent=2) + "\n", encoding="utf-8")
    return int(failed)


def measured(name: str, corpus: Corpus, size: int) -> Measured:
    """Index and search the corpus with one engine, unless it is not installed or the corpus is too large for it."""
    most = ENGINES[name].most_articles
    if most is not None and size > most:
        return Measured({}, absent=f"skipped above {most:,} articles")
    folder = corpus.folder / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        for python in filter(shutil.which, (sys.executable, *(SYSTEM_PYTHON,) * ENGINES[name].of_system)):
            built, peak = _child(python, name, "build", corpus, folder)
            if "missing" not in built:
                asked, _peak = _child(python, name, "query", corpus, folder)
                return Measured(_figures(built, peak, asked, size), built["version"])
    except subprocess.CalledProcessError as error:
        reason = (error.stderr.strip() or f"exit code {error.returncode}").splitlines()[-1]
        return Measured({}, absent=f"failed: {reason}", failed=True)
    return Measured({}, absent=f"not installed ({built['missing']})")


def _child(python: str, name: str, task: str, corpus: Corpus, folder: Path) -> tuple[Any, int]:
    """Return what a child process printed, and the most memory it and its own children were seen to hold."""
    command = [python, "-m", "tests.bench.child", name, task, str(corpus.folder), str(folder)]
    peak = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        while True:
            try:
                out, errors = child.communicate(timeout=SAMPLED_SECONDS)
            except subprocess.TimeoutExpired:
                peak = max(peak, sum(map(proportional_bytes, family(child.pid))))
            else:
                break
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command, out, errors)
    return json.loads(out), peak


def _figures(built: BuildFigures, peak: int, asked: QueryFigures, size: int) -> dict[str, float]:
    figures = {f"{step} articles/s": size / seconds for step, seconds in built["seconds"].items()}
    figures["index MB"] = built["index_bytes"] / MB
    figures["peak MB indexing"] = max(peak, built["peak_bytes"]) / MB
    figures["MB searching"] = asked["resident_bytes"] / MB
    for kind, latencies in asked["latencies"].items():
        figures |= _latency_figures(kind, latencies)
    return figures


def web_figures(corpus: Corpus) -> dict[str, float]:
    """Return latency and memory of the front end over Telisik's archive of the corpus."""
    texts = [" ".join(query.words) for query in corpus.read_queries("facet")]
    latencies, resident = web_load(corpus.folder / "telisik", texts)
    return _latency_figures("web", latencies) | {"web MB": resident / MB}


def _latency_figures(kind: str, latencies: Sequence[float]) -> dict[str, float]:
    """Return percentiles (nearest rank) and mean of latencies in ms."""
    ordered = sorted(latencies)
    percentiles = {f"{kind} p{part} ms": ordered[-(-part * len(ordered) // 100) - 1] for part in (50, 95, 99)}
    return percentiles | {f"{kind} mean ms": sum(ordered) / len(ordered)}


def report(size: int, engines: Mapping[str, Measured], web: Mapping[str, float]) -> str:
    """Return the figures of one size as a table, with what one must know to read them."""
    there = {name: engine for name, engine in engines.items() if not engine.absent}
    lines = [f"\n## {size:,} articles", machine_line(), ""]
    if there:
        compared = "telisik" in there and "tantivy" in there
        header = ["", *(f"{name} {engine.version}" for name, engine in there.items())]
        lines.append(table(header + ["telisik/tantivy"] * compared, list(_rows(there, compared))))
    lines += ["", *(f"{name}: {engine.absent}" for name, engine in engines.items() if engine.absent)]
    if web:
        lines.append(
            f"web: {web['web MB']:.0f} MB in master and worker; over HTTP, {REQUESTS} requests by {CLIENTS} clients: "
            f"p50 {figure(web['web p50 ms'])} ms, p95 {figure(web['web p95 ms'])} ms"
        )
    return "\n".join([*lines, "", NOTES])


def _rows(engines: Mapping[str, Measured], compared: bool) -> Iterator[list[str]]:
    for name in dict.fromkeys(name for engine in engines.values() for name in engine.figures):
        values = {engine: engines[engine].figures.get(name) for engine in engines}
        row = [name, *map(figure, values.values())]
        if compared:
            ours, theirs = values["telisik"], values["tantivy"]
            row.append(figure(ours / theirs if ours and theirs else None))
        yield row


def _record(engines: Mapping[str, Measured], web: Mapping[str, float]) -> dict[str, object]:
    said = {
        name: {"absent": engine.absent} if engine.absent else {"version": engine.version, **engine.figures}
        for name, engine in engines.items()
    }
    return {"engines": said, "web": dict(web)}


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.speed", description=__doc__.split("\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[DEFAULT_SIZE], metavar="SIZE", help="articles")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here, too")
    parser.add_argument("--engines", type=_engine_names, default=list(ENGINES), help=f"of {','.join(ENGINES)}")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where corpora and indexes are kept")
    return parser.parse_args(arguments)


def _engine_names(text: str) -> list[str]:
    names = text.split(",")
    if unknown := [name for name in names if name not in ENGINES]:
        raise argparse.ArgumentTypeError(f"no such engine: {', '.join(unknown)}")
    return names


if __name__ == "__main__":
    sys.exit(main())
