"""Commands that read an archive: search, show, export, stats."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypedDict, Unpack

import click

from index.article import Article, Status
from index.article_json import record_from
from index.dates import day_of
from index.errors import ArticleMissing
from index.messages import gettext as _
from index.settings import ArchiveFolder, Settings
from index.store import ArticleStore
from index.topicfile import no_topic
from search.archive import ENTRY_FIELDS, Archive
from search.citations import EXPORTS, REFERENCES, Writer
from search.query import MAX_SIZE, FilterField, Query, Sort
from search.results import Highlighted, SearchPage
from web.formatting import date_text, day_text, number_text
from web.options import (
    Bold,
    Command,
    Day,
    archive_option,
    count_text,
    echo,
    echo_json,
    json_option,
    warn_of_settings,
)
from web.people import People, not_known
from web.search_json import page_record
from web.wording import also_text, correction_label, limits_text, relaxed_text


@contextmanager
def _opened(path: Path) -> Iterator[Archive]:
    archive = Archive(path)
    try:
        yield archive
    finally:
        archive.close()


def expand_option(command: Command) -> Command:
    """Give a command the option --no-expand."""
    return click.option(
        "--no-expand",
        "expand",
        is_flag=True,
        flag_value=False,
        default=True,
        help="Only what was typed: no long forms of acronyms, old spellings, joined words.",
    )(command)


def limit_options(command: Command) -> Command:
    """Give a command the options that limit a search."""
    for name, text in (
        ("topic", "Only articles of this topic; may be repeated."),
        ("person", "Only articles that name this person; may be repeated."),
        ("author", "Only articles of this author; may be repeated."),
        ("source", "Only articles of this source; may be repeated."),
        ("section", "Only articles of this section; may be repeated."),
    ):
        command = click.option(f"--{name}", name, multiple=True, help=text)(command)
    command = click.option("--to", "published_to", type=Day(last=True), help="Last day: 2023-07-28, 2023-07 or 2023.")(
        command
    )
    return click.option(
        "--from", "published_from", type=Day(last=False), help="First day: 2023-07-28, 2023-07 or 2023."
    )(command)


class Limits(TypedDict):
    """The values of the options that limit a search."""

    published_from: date | None
    published_to: date | None
    section: tuple[str, ...]
    source: tuple[str, ...]
    author: tuple[str, ...]
    person: tuple[str, ...]
    topic: tuple[str, ...]


def _query(
    limits: Limits,
    text: str,
    *,
    expand: bool,
    recency: bool = True,
    sort: str | None = None,
    page: int = 1,
    size: int = MAX_SIZE,
) -> Query:
    return Query(
        text=text,
        published_from=limits["published_from"],
        published_to=limits["published_to"],
        sections=limits["section"],
        sources=limits["source"],
        authors=limits["author"],
        people=limits["person"],
        topics=limits["topic"],
        sort=Sort(sort) if sort else None,
        expand=expand,
        recency=recency,
        page=page,
        size=size,
    )


@click.command("search")
@click.argument("query", nargs=-1)
@click.option("--limit", type=click.IntRange(1, MAX_SIZE), default=10, show_default=True, help="Hits on a page.")
@click.option("--page", type=click.IntRange(1), default=1, show_default=True, help="Which page.")
@click.option(
    "--sort", type=click.Choice([sort.value for sort in Sort]), help="Order; relevance where there is a query."
)
@click.option(
    "--no-recency", "recency", is_flag=True, flag_value=False, default=True, help="Newer articles rank no higher."
)
@expand_option
@limit_options
@json_option
@archive_option
@click.pass_context
def search_command(
    ctx: click.Context,
    query: tuple[str, ...],
    limit: int,
    page: int,
    sort: str | None,
    expand: bool,
    recency: bool,
    as_json: bool,
    **limits: Unpack[Limits],
) -> None:
    """Search the archive; the query language is that of the search box, no query finds all that the options leave.

    Example: telisik search '"dana desa" -partai' --from 2019 --section Hukum
    """
    text = " ".join(query)  # the shell hands on words that nobody quoted one by one
    asked = _query(limits, text, expand=expand, recency=recency, sort=sort, page=page, size=limit)
    with _opened(ctx.obj) as archive:
        found = archive.search(asked)
        said = ", ".join(filter(None, (found.understood, limits_text(found.query, partial(_label, archive)))))
        unknown = tuple(_unknown_limits(archive, found.query))
    if as_json:
        echo_json(page_record(found, link_of=None))
    else:
        _show_page(found, said or "*", unknown)


def _label(archive: Archive, field: FilterField, value: str) -> str:
    """Return the preferred name of a limit to a person or a topic, any other value as it is."""
    entry = archive.entry(field, value) if field in ENTRY_FIELDS else None
    return entry.label if entry else value


def _unknown_limits(archive: Archive, query: Query) -> Iterator[str]:
    """Yield what is said of limits to persons and topics that the archive does not know: why nothing is found."""
    for name in query.people:
        if archive.entry(FilterField.PERSON, name) is None:
            yield not_known(People(archive), name)
    for name in query.topics:
        if archive.entry(FilterField.TOPIC, name) is None:
            near = ", ".join(entry.label for entry in archive.directory(FilterField.TOPIC).nearest(name))
            told = str(no_topic(name))
            yield f"{told}; " + _("nearest: %(names)s", names=near) if near else told


def _show_page(page: SearchPage, asked: str, notes: Sequence[str]) -> None:
    if page.total:
        echo(_("%(articles)s for: %(query)s", articles=count_text(page.total), query=asked))
    else:
        echo(_("No articles for: %(query)s", query=asked))
    for repair in (*notes, *page.repairs):
        echo(repair, err=True)
    if page.also:
        echo(also_text(page.also), err=True)
    if page.relaxed:
        echo(relaxed_text(page.complete), err=True)
    if page.did_you_mean:
        echo(_("Did you mean: %(query)s", query=page.did_you_mean), err=True)
    for number, hit in enumerate(page.hits, start=page.query.offset + 1):
        echo(f"\n{number}. ", *_marked(hit.title), _status_text(hit.status))
        facts = (date_text(hit.date), hit.section, hit.source, ", ".join(hit.authors), hit.article_id)
        echo("   " + " · ".join(fact for fact in facts if fact))
        for snippet in hit.snippets:
            echo("   ", *_marked(snippet))


def _marked(text: Highlighted) -> Iterator[str]:
    return (Bold(part) if matched else part for part, matched in text.parts())


def _status_text(status: Status) -> str:
    labels = {Status.WITHDRAWN: _("withdrawn"), Status.CORRECTED: _("corrected"), Status.EMBARGOED: _("embargoed")}
    return f" [{labels[status]}]" if status in labels else ""


@click.command("show")
@click.argument("article_id", metavar="ID")
@json_option
@archive_option
@click.pass_obj
def show_command(path: Path, article_id: str, as_json: bool) -> None:
    """Show one article, whatever its status.

    Example: telisik show pelita-1998-05-02-1
    """
    with ArticleStore(ArchiveFolder(path).store, readonly=True) as store:
        article = store.get_many([article_id]).get(article_id)
    if article is None:
        raise ArticleMissing(article_id)
    if as_json:
        echo_json(record_from(article))
    else:
        _show_article(article)


def _show_article(article: Article) -> None:
    echo(Bold(article.title), _status_text(article.status))
    facts = (date_text(article.date), article.section, article.source, ", ".join(article.authors), article.url)
    echo(" · ".join(fact for fact in facts if fact))
    for correction in article.corrections:
        echo(f"[{correction_label(correction)}] {correction.text}")
    for paragraph in article.paragraphs():
        echo(f"\n{paragraph}")


@click.command("export")
@click.option(
    "--format", "format_", type=click.Choice(sorted(EXPORTS)), default="jsonl", show_default=True, help="Format."
)
@click.option("--query", "text", help="Only what this query finds, in its order.")
@expand_option
@limit_options
@archive_option
@click.pass_context
def export_command(ctx: click.Context, format_: str, text: str | None, expand: bool, **limits: Unpack[Limits]) -> None:
    """Write the whole archive, or what a query finds, to standard output.

    Example: telisik export --format csv --query "tokoh:sumarni" > sumarni.csv
    """
    with _opened(ctx.obj) as archive:
        lines_of = EXPORTS[format_]
        if format_ in REFERENCES:
            lines_of = partial(_references, REFERENCES[format_], archive.settings)
        if text is None and not any(limits.values()):
            with ArticleStore(archive.folder.store, readonly=True) as store:
                _write(lines_of(store.articles()))
        else:
            _write(lines_of(archive.results(_query(limits, text or "", expand=expand))))


def _references(writer: Writer, settings: Settings, articles: Iterable[Article]) -> Iterator[str]:
    """Return references that tell the day of each article in the archive's zone, as pages do."""
    told = (replace(article, date=article.date and day_of(article.date, settings.zone)) for article in articles)
    return writer(told, publisher=settings.publisher)


def _write(lines: Iterator[str]) -> None:
    for line in lines:
        sys.stdout.buffer.write(line.encode())
    sys.stdout.buffer.flush()


@click.command("stats")
@json_option
@archive_option
@click.pass_obj
def stats_command(path: Path, as_json: bool) -> None:
    """Show what the archive holds.

    Example: telisik stats --json
    """
    with _opened(path) as archive:
        stats = archive.stats()
    warn_of_settings(path)
    record = asdict(stats)
    if as_json:
        echo_json({name: value.isoformat() if isinstance(value, date) else value for name, value in record.items()})
        return
    labels = _stats_labels()
    width = max(map(len, labels.values()))
    for name, value in record.items():
        echo(f"{labels[name].ljust(width)}  {_figure_text(value)}")


def _stats_labels() -> dict[str, str]:
    """Return what people read for the names that programs read."""
    return {
        "articles": _("articles"),
        "first_date": _("earliest day"),
        "last_date": _("latest day"),
        "sections": _("sections"),
        "sources": _("sources"),
        "sequence": _("last change"),
        "indexed_sequence": _("last change indexed"),
        "store_bytes": _("store, bytes"),
        "index_bytes": _("index, bytes"),
        "engine": _("engine"),
    }


def _figure_text(value: object) -> str:
    match value:
        case None:
            return "-"
        case date():
            return day_text(value)
        case int():
            return number_text(value)
        case dict():
            return ", ".join(f"{name} {number_text(count)}" for name, count in value.items())
    return str(value)


COMMANDS: tuple[click.Command, ...] = (search_command, show_command, export_command, stats_command)
