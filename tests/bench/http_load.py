"""The front end under a load that wrk makes: results as JSON, with facets, highlights and reasons, for eight clients at once.

    python -m tests.bench.http_load 100000

Serves the archive that `tests.bench.speed` made of so many articles, with the default number of workers.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from urllib.parse import urlencode

from tests.bench.machine import family, machine_line, resident_bytes
from tests.bench.making import made_corpus
from tests.bench.speed import FOLDER, MB
from tests.bench.web_load import HOST, served
from web.commands_serve import DEFAULT_WORKERS

CLIENTS = 8
SECONDS = 20

# Asks for one query after the other, and at the end says how many answers were errors and how long the others took.
SCRIPT = """
local paths = {%s}
local next_path = 0
function request()
  next_path = next_path %% #paths + 1
  return wrk.format("GET", paths[next_path])
end
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format('{"requests": %%d, "errors": %%d, "p50": %%f, "p95": %%f, "p99": %%f}\\n', summary.requests,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
end
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Load, print, and return 1 where wrk or the archive is missing or an answer was an error."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("size", type=int)
    size = parser.parse_args(arguments).size
    corpus = made_corpus(size, FOLDER)
    archive = corpus.folder / "telisik"
    if shutil.which("wrk") is None:
        return _failed("wrk is not installed")
    if not archive.is_dir():
        return _failed(f"run first: python -m tests.bench.speed {size} --engines telisik")
    texts = [" ".join(query.words) for query in corpus.read_queries("and")]
    with served(archive, workers=DEFAULT_WORKERS) as (port, process):
        _load(port, texts, seconds=2)
        found = _load(port, texts, seconds=SECONDS)
        memory = sum(map(resident_bytes, family(process)))
    print(f"{size:,} articles, {CLIENTS} clients, {DEFAULT_WORKERS} workers, wrk on the same machine: {machine_line()}")
    print(
        f"{found['requests'] / SECONDS:.0f} requests/s; p50 {found['p50']:.1f} ms, p95 {found['p95']:.1f} ms, "
        f"p99 {found['p99']:.1f} ms; {memory / MB:.0f} MB in all processes; {found['errors']:.0f} errors"
    )
    return int(found["errors"] > 0)


def _load(port: int, texts: Sequence[str], *, seconds: int) -> dict[str, float]:
    paths = ", ".join(json.dumps(f"/search.json?{urlencode({'q': text})}") for text in texts)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT % paths)
        script.flush()
        command = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "-s", script.name, f"http://{HOST}:{port}"]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _failed(reason: str) -> int:
    print(reason, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
