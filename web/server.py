"""The front end on gunicorn: processes with threads, each with its own reading of the archive."""

import logging
import socket
import threading
from pathlib import Path

from flask import Flask
from gunicorn.app.base import BaseApplication

from index.errors import ArchiveError, system_reason
from index.messages import gettext as _
from search.archive import Archive
from search.query import Query
from web.app import create_app
from web.site import SITE

log = logging.getLogger("telisik.web")

LONGEST_LINE = 8190  # bytes of the address of a request, the most that gunicorn allows: a query may be long
THREADS = 4  # a worker; while one waits for the disk or a slow reader, others answer


class AddressUnusable(ArchiveError):
    """The server cannot listen on the address it was given."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(
            _(
                "cannot listen on %(host)s, port %(port)d: %(reason)s; name another one with --host or --port",
                host=host,
                port=port,
                reason=reason,
            )
        )
        self.host, self.port, self.reason = host, port, reason


class Server(BaseApplication):  # type: ignore[misc, unused-ignore]  # gunicorn has no types
    """Gunicorn, configured from arguments instead of files."""

    def __init__(self, path: Path, host: str, port: int, workers: int, language: str) -> None:
        self.path, self.language = path, language
        self.bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self.workers = workers
        super().__init__()

    def load_config(self) -> None:
        """Set what the command line asked for."""
        self.cfg.set("bind", self.bind)
        self.cfg.set("workers", self.workers)
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("threads", THREADS)
        self.cfg.set("limit_request_line", LONGEST_LINE)
        self.cfg.set("loglevel", "warning")
        self.cfg.set("proc_name", "telisik")

    def load(self) -> Flask:
        """Return the application; each worker makes its own after the fork, and counts beforehand what first readers wait for."""
        app = create_app(self.path, language=self.language)
        threading.Thread(target=_warm, args=(app.extensions["telisik"],), daemon=True).start()
        return app


def _warm(archive: Archive) -> None:
    """Count persons and read the names of suggestions: seconds at a hundred thousand articles, kept by the process."""
    try:
        archive.search(Query())
        archive.suggest("a", 1)
    except Exception:  # readers are told themselves, and the log what was wrong
        log.exception("warming up")


def check_site(path: Path, language: str) -> None:
    """Raise the ArchiveError because of which no worker could serve: no archive, or settings that cannot be followed."""
    archive: Archive = create_app(path, language=language).extensions[SITE]
    archive.close()


def check_address(host: str, port: int) -> None:
    """Raise AddressUnusable where the server could not listen; gunicorn would try for five seconds and tell its log."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as error:
        raise AddressUnusable(host, port, system_reason(error)) from error


def run_server(path: Path, host: str, port: int, workers: int, language: str) -> None:
    """Serve the archive in `path` until a signal ends it."""
    Server(path, host, port, workers, language).run()
