"""The front end under load: `telisik serve` with one worker, asked by eight clients at once for results with everything."""

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.machine import family, resident_bytes

HOST = "127.0.0.1"
REQUESTS = 200
CLIENTS = 8
WARM_UP = 20
START_SECONDS = 60.0


class NotServed(RuntimeError):
    """The front end did not start, or answered with something else than a result."""


def web_load(archive: Path, texts: Sequence[str]) -> tuple[list[float], int]:
    """Return the latencies in ms of requests for these queries, and the memory of the server's processes after them.

    Each request has a connection of its own, and answers with highlights, reasons and facets, as for a page of results.
    """
    asked = [texts[place % len(texts)] for place in range(REQUESTS)]
    with served(archive, workers=1) as (port, process):
        for text in asked[:WARM_UP]:
            _requested(port, text)
        with ThreadPoolExecutor(CLIENTS) as clients:
            latencies = list(clients.map(lambda text: _requested(port, text), asked))
        return latencies, sum(map(resident_bytes, family(process)))


@contextmanager
def served(archive: Path, *, workers: int) -> Iterator[tuple[int, int]]:
    """Serve the archive in the block; give the port and the number of the server's first process."""
    port = _free_port()
    command = ["-c", "from web.cli import main; main()", "--archive", str(archive), "serve", "--workers", str(workers)]
    with subprocess.Popen([sys.executable, *command, "--port", str(port)], stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(port, server)
            yield port, server.pid
        finally:
            server.terminate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit and server.poll() is None:
        try:
            _requested(port, "")
        except ConnectionError:
            time.sleep(0.05)
        else:
            return
    raise NotServed("telisik serve does not answer")


def _requested(port: int, text: str) -> float:
    """Ask for one result and return what the answer took, in ms."""
    begun = time.perf_counter()
    connection = http.client.HTTPConnection(HOST, port, timeout=START_SECONDS)
    try:
        connection.request("GET", f"/search.json?{urlencode({'q': text})}")
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    taken = (time.perf_counter() - begun) * 1000
    if response.status != http.HTTPStatus.OK or "facets" not in json.loads(body):
        raise NotServed(f"{text!r} was answered with {response.status}")
    return taken
