"""The command that looks up a list of names: `telisik people batch`, a command of the group that `commands_people` makes."""

import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click

from index.messages import gettext as _
from index.messages import ngettext
from search.archive import Archive
from search.batch import NameFound, csv_lines, look_up, read_names, record_of
from search.query import Query
from web.arguments import search_path
from web.formatting import number_text
from web.options import archive_option, echo, is_terminal, json_option, json_text
from web.tables import tell_problems

MOST_LISTED = 20  # of the names that found nothing, on standard error


@click.command("batch")
@click.argument("names", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="NAMES.csv")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file instead of standard output.",
)
@click.option("--base-url", help="Address of the front end, which makes the links whole: https://arsip.example")
@json_option
@archive_option
@click.pass_obj
def batch_command(path: Path, names: Path, output: Path | None, base_url: str | None, as_json: bool) -> None:
    """Look up many names at once: how many articles each has, the first and the last day, and a link.

    The names stand in a column "name" or "nama" of a table, else in its first one, or one a line. "Batubara, Nurlaila" finds
    Nurlaila Batubara.

    Example: telisik people batch nama.csv --output hasil.csv
    """
    asked = read_names(names)
    tell_problems(names, asked.problems)
    if asked.repeated:
        echo(
            ngettext(
                "%(number)d repeated name was looked up once.",
                "%(number)d repeated names were looked up once.",
                asked.repeated,
            ),
            err=True,
        )
    with closing(Archive(path)) as archive:
        found = _looked_up(archive, asked.names)

    def link_of(query: Query) -> str:
        return (base_url or "").rstrip("/") + search_path(query)

    if as_json:
        text = json_text({"names": [record_of(one, link_of(one.query)) for one in found]})
    else:
        text = "".join(csv_lines(found, link_of))
    _write(text.encode(), output)
    _say_missing(found)


def _looked_up(archive: Archive, names: Sequence[str]) -> list[NameFound]:
    with click.progressbar(
        look_up(archive, names),
        length=len(names),
        label=_("looking up names"),
        file=sys.stderr,
        hidden=not is_terminal(),
        show_pos=True,
    ) as found:
        return list(found)


def _write(text: bytes, output: Path | None) -> None:
    if output is not None:
        output.write_bytes(text)
    else:
        sys.stdout.buffer.write(text)
        sys.stdout.buffer.flush()


def _say_missing(found: Sequence[NameFound]) -> None:
    """Say how many names found something, and which found nothing."""
    missing = [one.name for one in found if not one.articles]
    message = _(
        "%(names)s names looked up, %(missing)s without an article",
        names=number_text(len(found)),
        missing=number_text(len(missing)),
    )
    listed = ", ".join(missing[:MOST_LISTED]) + (", …" if len(missing) > MOST_LISTED else "")
    echo(f"{message}: {listed}" if missing else message, err=True)
