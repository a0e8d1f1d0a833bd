"""The command that lists searches without hits: `telisik misses`."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import click

from index.article import JSON
from index.errors import ArchiveError, IndexUnusable
from index.messages import gettext as _
from index.misses import KEPT_DAYS, Miss, Misses
from search.archive import Archive
from search.missed import led_to, missed_text
from search.query import Query
from search.results import SearchPage
from web.formatting import day_text, number_text
from web.options import archive_option, echo, echo_json, json_option
from web.tables import tell_no_index
from web.wording import now_text

DAYS = 90


class MissUnknown(ArchiveError):
    """The log does not hold these words."""


@click.command("misses")
@click.option(
    "--days", type=click.IntRange(1, KEPT_DAYS), default=DAYS, show_default=True, help="Searches of the last days."
)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many are listed.")
@click.option("--forget", metavar="WORDS", help="Take these words out of the log instead.")
@click.option("--clear", is_flag=True, help="Take everything out of the log instead.")
@json_option
@archive_option
@click.pass_obj
def misses_command(path: Path, days: int, limit: int, forget: str | None, clear: bool, as_json: bool) -> None:
    """List what readers searched without a hit, the most frequent first, and what it finds now.

    The log holds words, days and counts, nothing of who searched. An alias, a word of kata.txt or a topic mends a miss.

    Example: telisik misses --days 30
    """
    with closing(Archive(path)) as archive:
        misses = Misses(archive.folder)
        if clear or forget is not None:
            _take_out(misses, forget, clear=clear)
            return
        listed = misses.listed(archive.today() - timedelta(days=days - 1))
        shown = [(miss, _page_now(archive, miss)) for miss in listed[:limit]]
    if as_json:
        echo_json({"days": days, "total": len(listed), "misses": [_record(miss, page) for miss, page in shown]})
        return
    width = max((len(number_text(miss.times)) for miss, _found in shown), default=0)
    for miss, page in shown:
        facts = ", ".join(fact for fact in (day_text(miss.last), now_text(page) if page else "") if fact)
        echo(f"{number_text(miss.times).rjust(width)}  {miss.text} ({facts})")
    if not listed:
        echo(_("No search of these days was without a hit."), err=True)
    elif len(listed) > limit:
        echo(_("... and %(count)s more; --limit shows them", count=number_text(len(listed) - limit)), err=True)
    if any(page is None for _miss, page in shown):
        tell_no_index()


def _take_out(misses: Misses, forget: str | None, *, clear: bool) -> None:
    if clear and forget is not None:
        raise click.UsageError(_("--forget and --clear exclude each other"))
    if clear:
        misses.clear()
    elif forget is not None and not misses.forget(forget):
        raise MissUnknown(_("the log does not hold: %(text)s", text=forget))


def _page_now(archive: Archive, miss: Miss) -> SearchPage | None:
    """Return what the words find now, None where there is no index."""
    try:
        return archive.search(Query(miss.text, size=1))
    except IndexUnusable:
        return None


def _record(miss: Miss, page: SearchPage | None) -> dict[str, JSON]:
    """Return a miss for programs: how many articles the words find now, and the page that they lead to instead."""
    entry = led_to(page) if page else None
    found = None if page is None else 0 if entry or missed_text(page) else page.total
    led = None if entry is None else {"kind": entry.field.value, "slug": entry.slug, "articles": entry.articles}
    return {
        "text": miss.text,
        "times": miss.times,
        "last": miss.last.isoformat(),
        "articles_now": found,
        "page_now": led,
    }


COMMANDS: tuple[click.Command, ...] = (misses_command,)
