"""The `telisik` command: reads arguments, asks `index` and `search`, prints, and turns errors into words and exit codes.

Exit codes: 0 done, 1 failed, 2 wrong usage. Results go to standard output, progress and complaints to standard error.
"""

import logging
import sys
from pathlib import Path

import click

from index.controls import visible
from index.errors import ArchiveError, StoreUnusable, system_reason
from index.messages import DEFAULT_LANGUAGE, LANGUAGES, use_language
from index.messages import gettext as _
from index.store import StoreFault
from search.query import QueryError
from web import (
    commands_archivists,
    commands_eval,
    commands_misses,
    commands_people,
    commands_read,
    commands_serve,
    commands_topics,
    commands_words,
    commands_write,
)
from web.options import echo


class VisibleFormatter(logging.Formatter):
    """Puts records of the log into text that cannot order a terminal about: addresses that were asked for are in it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's text, of several lines where it tells of an error."""
        return visible(super().format(record))


class TelisikGroup(click.Group):
    """The command group; explains the errors that users can do something about instead of showing where they arose."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; what is wrong with archive or system ends it with 1, a query that cannot be made with 2."""
        try:
            return super().invoke(ctx)
        except QueryError as error:
            raise click.UsageError(visible(str(error)), ctx) from error
        except ArchiveError as error:
            echo(f"telisik: {error}", err=True)
            ctx.exit(1)
        except StoreFault as error:
            echo(f"telisik: {StoreUnusable(None, str(error))}", err=True)
            ctx.exit(1)
        except BrokenPipeError:  # the reader of our output, such as head, has gone
            sys.stderr.close()
            ctx.exit(1)
        except UnicodeEncodeError:  # arguments and passwords may be any bytes; what is kept is text
            reason = _("what was typed holds bytes that are no text")
            echo(f"telisik: {reason}", err=True)
            ctx.exit(1)
        except OSError as error:
            if error.filename is None:
                raise
            echo(f"telisik: {error.filename}: {system_reason(error)}", err=True)
            ctx.exit(1)


@click.group(cls=TelisikGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="telisik")
@click.option(
    "--archive",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="TELISIK_ARCHIVE",
    default=Path("arsip"),
    show_default=True,
    help="Folder of the archive (TELISIK_ARCHIVE).",
)
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    envvar="TELISIK_LANG",
    default=DEFAULT_LANGUAGE,
    show_default=True,
    help="Language of messages and pages (TELISIK_LANG).",
)
@click.option("--verbose", is_flag=True, help="Log what is done to standard error.")
@click.pass_context
def main(ctx: click.Context, archive: Path, lang: str, verbose: bool) -> None:
    """Full-text search for Indonesian news archives.

    Example: telisik import berita.jsonl && telisik search "harga beras"
    """
    handler = logging.StreamHandler()
    handler.setFormatter(VisibleFormatter("%(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, handlers=[handler])
    use_language(lang)
    ctx.obj = archive


for commands in (
    commands_write,
    commands_read,
    commands_words,
    commands_misses,
    commands_people,
    commands_topics,
    commands_archivists,
    commands_eval,
    commands_serve,
):
    for command in commands.COMMANDS:
        main.add_command(command)
