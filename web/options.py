"""What several commands share: the archive they work on, JSON output, and how days are typed."""

import json
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TypeVar

import click

from index.article import JSON
from index.controls import escaped_json, visible
from index.messages import gettext as _
from index.messages import ngettext
from index.settings import ArchiveFolder
from search.query import QueryError
from web.days import day_from
from web.formatting import decimal_text

Command = TypeVar("Command", bound=Callable[..., object])


def _set_archive(ctx: click.Context, _parameter: click.Parameter, value: Path | None) -> None:
    if value is not None:
        ctx.obj = value


def archive_option(command: Command) -> Command:
    """Give a command the option --archive, so that it may stand before or after the command's name."""
    return click.option(
        "--archive",
        type=click.Path(file_okay=False, path_type=Path),
        expose_value=False,
        is_eager=True,
        callback=_set_archive,
        help="Folder of the archive.",
    )(command)


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


class Bold(str):
    """Text that `echo` prints in bold."""

    __slots__ = ()


def echo(*parts: str, err: bool = False) -> None:
    """Print a line for people, its parts joined; whatever they hold, no part can order the terminal about."""
    shown = (click.style(visible(part), bold=True) if isinstance(part, Bold) else visible(part) for part in parts)
    click.echo("".join(shown), err=err)


def echo_json(value: Mapping[str, JSON]) -> None:
    """Print one JSON document to standard output."""
    click.echo(json_text(value), nl=False)


def json_text(value: Mapping[str, JSON]) -> str:
    """Return the text of one JSON document, a newline at its end."""
    return escaped_json(json.dumps(value, ensure_ascii=False, indent=2)) + "\n"


def warn_of_settings(archive: Path) -> None:
    """Say on standard error which names in an archive's settings file are none."""
    for warning in ArchiveFolder(archive).settings_warnings():
        echo(warning, err=True)


def count_text(number: int) -> str:
    """Return a count of articles in words."""
    return ngettext("%(number)d article", "%(number)d articles", number)


class Day(click.ParamType[date]):
    """A day: an ISO date, or a month or year, which mean their first or last day."""

    name = "date"

    def __init__(self, *, last: bool) -> None:
        self.last = last

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day that was typed, or fail with wrong usage."""
        if isinstance(value, date):
            return value
        try:
            return day_from(value, last=self.last, parameter="to" if self.last else "from")
        except QueryError as error:
            self.fail(str(error), param, ctx)


def is_terminal() -> bool:
    """Say whether somebody watches the progress."""
    return sys.stderr.isatty()


def done_text(seconds: float, count: int) -> str:
    """Return how long something took and how fast it went."""
    rate = count / seconds if seconds > 0 else 0.0
    return _("%(seconds)s s, %(rate).0f articles/s", seconds=decimal_text(seconds), rate=rate)
