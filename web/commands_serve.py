"""Commands that serve: the front end on a production WSGI server, and the archive of sample articles."""

from importlib.resources import as_file, files
from pathlib import Path

import click

from index.errors import IndexUnusable
from index.importing import import_files
from index.messages import gettext as _
from index.messages import language
from index.settings import ArchiveFolder
from index.store import ArticleStore
from index.writer import writing
from web.commands_write import run_index
from web.options import Command, archive_option, count_text, echo, warn_of_settings

DEFAULT_PORT = 8080
DEFAULT_WORKERS = 2
DEMO_ARCHIVE = Path("arsip-demo")


def serve_options(command: Command) -> Command:
    """Give a command the options of the server."""
    for decorate in (
        click.option(
            "--workers", type=click.IntRange(1, 64), default=DEFAULT_WORKERS, show_default=True, help="Processes."
        ),
        click.option(
            "--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, show_default=True, help="TCP port."
        ),
        click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on."),
    ):
        command = decorate(command)
    return command


@click.command("serve")
@serve_options
@archive_option
@click.pass_obj
def serve_command(path: Path, host: str, port: int, workers: int) -> None:
    """Serve the archive to browsers; of it only an archivist's decisions and the log of searches without hits are written.

    Example: telisik serve --host 0.0.0.0 --port 80 --workers 4
    """
    _serve(path, host, port, workers)


@click.command("demo")
@serve_options
@click.option("--no-serve", is_flag=True, help="Make the archive and stop.")
@archive_option
@click.pass_context
def demo_command(ctx: click.Context, host: str, port: int, workers: int, no_serve: bool) -> None:
    """Make an archive of the sample articles that come with Telisik, and serve it.

    Example: telisik demo --port 8080
    """
    named = any(
        level.get_parameter_source("archive") is click.core.ParameterSource.COMMANDLINE
        for level in (ctx, ctx.find_root())
    )
    path: Path = ctx.obj if named else DEMO_ARCHIVE  # never the one of TELISIK_ARCHIVE: made-up articles are not for it
    folder = ArchiveFolder(path)
    with writing(folder), ArticleStore(folder.store) as store, as_file(files("index") / "samples") as samples:
        import_files(store, [samples], folder.read_settings().zone)
        try:
            run_index(folder, store)
        except IndexUnusable as error:
            echo(
                _("%(path)s: %(reason)s; the index of the demo archive is made again", path=path, reason=error.reason),
                err=True,
            )
            run_index(folder, store, rebuild=True)
        echo(_("The demo archive in %(path)s holds %(articles)s.", path=path, articles=count_text(store.count())))
    if not no_serve:
        _serve(path, host, port, workers)


def _serve(path: Path, host: str, port: int, workers: int) -> None:
    from web.server import (  # Flask and the server are loaded by this command alone
        check_address,
        check_site,
        run_server,
    )

    check_site(path, language())
    warn_of_settings(path)
    check_address(host, port)
    shown = f"[{host}]" if ":" in host else host
    echo(_("Telisik answers at http://%(host)s:%(port)d/ (Ctrl+C stops it)", host=shown, port=port), err=True)
    run_server(path, host, port, workers, language())


COMMANDS: tuple[click.Command, ...] = (serve_command, demo_command)
