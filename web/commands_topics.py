"""Commands about topics: which there are, what their queries catch, and the archive's own file of them."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import click

from index.analysis import fold_value
from index.article import JSON
from index.dates import day_of, iso
from index.errors import IndexUnusable
from index.messages import gettext as _
from index.registers import SEPARATOR, read_register
from index.topicfile import TopicsFile, no_topic, topics_table
from index.topics import COLUMNS, Topic, TopicError, read_topics, shipped_topics, slug_in, topic_slug, topics_from
from index.writer import writing
from search.archive import Archive
from search.query import FilterField
from search.trials import Agreement, Trial, circle_of, repairs_of, tried
from web.formatting import day_text, number_text
from web.options import Bold, archive_option, count_text, echo, echo_json, json_option
from web.tables import echo_table, format_option, merged_record, merged_text, tell_no_index, tell_problems

EXAMPLES = 5
SECTIONS_LISTED = 12
OWN, SHIPPED, IMPORTED = "own", "shipped", "imported"  # where a topic comes from


class _Listing:
    """The topics of one archive, and how many articles each has; nobody knows that without an index."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.path = archive.folder.topics
        own = read_register(self.path, COLUMNS)
        self.topics = topics_from(own)
        shipped = shipped_topics().by_slug
        self.origins = {t.slug: SHIPPED if shipped.get(t.slug) == t else OWN for t in self.topics.topics}
        self.off = tuple(topic for topic in shipped_topics().topics if topic.slug not in self.topics.by_slug)
        self.imported: dict[str, str] = {}
        self.counts: dict[str, int] | None = None
        try:
            entries = archive.entries(FilterField.TOPIC)
        except IndexUnusable:
            return
        self.counts = {entry.slug: entry.articles for entry in entries}
        self.imported = {entry.slug: entry.label for entry in entries if not entry.recorded}

    def find(self, text: str) -> Topic:
        """Return the topic with this slug, label, code or section; raise TopicError where there is none."""
        topic = self.topics.find(text)
        if topic is None:
            raise no_topic(text)
        return topic

    def record(self, topic: Topic) -> dict[str, JSON]:
        return {
            **topic.cells,
            "code": topic.code,
            "sections": list(topic.sections),
            "origin": self.origins.get(topic.slug, OWN),
            "articles": None if self.counts is None else self.counts.get(topic.slug, 0),
        }

    def articles(self, slug: str) -> str:
        return "-" if self.counts is None else number_text(self.counts.get(slug, 0))

    def tell_problems(self) -> None:
        """Say on standard error which rows of the file are left out, and what of queries."""
        tell_problems(self.path, self.topics.problems)
        for topic in self.topics.topics:
            for repair in repairs_of(self.archive, topic.query):
                echo(f"{topic.slug}: {repair}", err=True)
            if circle := circle_of(self.archive, self.topics, topic.slug, topic.query):
                told = _("the query asks for the topic itself: %(way)s", way=" → ".join(circle))
                echo(f"{topic.slug}: {told}", err=True)
        if self.counts is None:
            tell_no_index()


@click.group("topics")
@archive_option
def topics_group() -> None:
    """Show the topics, try their queries, and keep the archive's own ones.

    A topic is a named query: an article is in it when the query finds it, or when its section is one of the topic's. Own topics
    are kept in the file topik.csv of the archive's folder, which may be edited by hand, too; searches follow at once.

    Example: telisik topics test olahraga
    """


@topics_group.command("list")
@json_option
@archive_option
@click.pass_obj
def list_command(path: Path, as_json: bool) -> None:
    """List the topics with the articles that each has.

    Example: telisik topics list
    """
    with closing(Archive(path)) as archive:
        listing = _Listing(archive)
        if as_json:
            echo_json(
                {
                    "file": str(listing.path),
                    "topics": [listing.record(topic) for topic in listing.topics.topics],
                    "imported": [
                        {"slug": slug, "label": label, "articles": (listing.counts or {})[slug]}
                        for slug, label in listing.imported.items()
                    ],
                    "switched_off": [topic.slug for topic in listing.off],
                    "problems": list(listing.topics.problems),
                }
            )
            return
        rows = [(t.slug, listing.articles(t.slug), t.label, listing.origins[t.slug]) for t in listing.topics.topics]
        rows += [(slug, listing.articles(slug), label, IMPORTED) for slug, label in listing.imported.items()]
        slugs, numbers = (max((len(row[place]) for row in rows), default=0) for place in (0, 1))
        for slug, number, label, origin in rows:
            said = "" if origin == SHIPPED else f"  ({_origin_text(origin)})"
            echo(f"{slug.ljust(slugs)}  {number.rjust(numbers)}  {label}{said}")
        if listing.off:
            echo(_("Switched off: %(slugs)s", slugs=", ".join(topic.slug for topic in listing.off)), err=True)
        listing.tell_problems()


def _origin_text(origin: str) -> str:
    return {
        OWN: _("the archive's own"),
        SHIPPED: _("shipped"),
        IMPORTED: _("imported with articles, without a query"),
    }[origin]


@topics_group.command("show")
@click.argument("topic")
@json_option
@archive_option
@click.pass_obj
def show_command(path: Path, topic: str, as_json: bool) -> None:
    """Show a topic: its label, code, query and sections. TOPIC is a slug, label, code or section.

    Example: telisik topics show ekbis
    """
    with closing(Archive(path)) as archive:
        listing = _Listing(archive)
        found = listing.find(topic)
        repairs = repairs_of(archive, found.query)
        if as_json:
            echo_json({**listing.record(found), "repairs": list(repairs)})
            return
        echo(Bold(found.label))
        facts = (
            (_("slug"), found.slug),
            (_("code"), found.code or "-"),
            (_("query"), found.query),
            (_("sections"), ", ".join(found.sections) or "-"),
            (_("articles"), listing.articles(found.slug)),
            (_("origin"), _origin_text(listing.origins[found.slug])),
        )
        for name, fact in facts:
            echo(f"  {name}: {fact}")
        for repair in repairs:
            echo(repair, err=True)


@topics_group.command("test")
@click.argument("query")
@click.option("--topic", "slug", help="Compare with this topic: its sections, and its query as it is now.")
@click.option("--section", "sections", multiple=True, help="Compare with this section; may be repeated.")
@click.option("--examples", type=click.IntRange(0), default=EXAMPLES, show_default=True, help="Titles that are shown.")
@json_option
@archive_option
@click.pass_obj
def test_command(
    path: Path, query: str, slug: str | None, sections: tuple[str, ...], examples: int, as_json: bool
) -> None:
    """Show what a query would catch, alone, and how it agrees with sections. QUERY is a query, or the slug of a topic.

    Precision is the share of the articles caught that stand in the sections, among articles of sections that are some topic's;
    recall is the share of the articles in the sections that are caught.

    Example: telisik topics test 'judul:(timnas ATAU liga)' --topic olahraga
    """
    with closing(Archive(path)) as archive:
        listing = _Listing(archive)
        named = listing.topics.by_slug.get(query)
        topic = listing.find(slug) if slug else named
        text = named.query if named else query
        if sections:
            topic = replace(topic or Topic("", "", None, text), sections=tuple(map(fold_value, sections)))
        trial = tried(archive, text, listing.topics, topic)
        if as_json:
            echo_json(_trial_record(archive, trial, topic, examples))
            return
        _tell(archive, trial, topic, examples)


def _trial_record(archive: Archive, trial: Trial, topic: Topic | None, examples: int) -> dict[str, JSON]:
    def some(ids: tuple[str, ...] | None) -> JSON:
        return None if ids is None else {"articles": len(ids), "examples": _examples(archive, ids, examples)}

    return {
        "query": trial.query,
        "topic": topic.slug or None if topic else None,
        "repairs": list(trial.repairs),
        "articles": len(trial.caught),
        "archive_articles": trial.articles,
        "share": round(trial.share, 4),
        "examples": _examples(archive, trial.caught, examples),
        "sections": [
            {"section": s.section, "articles": s.articles, "caught": s.caught, "of_topic": s.is_topics}
            for s in trial.sections
        ],
        "agreement": _agreement_record(trial.agreement) if trial.agreement else None,
        "added": some(trial.added),
        "lost": some(trial.lost),
    }


def _agreement_record(agreement: Agreement) -> dict[str, JSON]:
    figures = {"precision": agreement.precision, "recall": agreement.recall, "f1": agreement.f1}
    return {
        **{name: None if value is None else round(value, 4) for name, value in figures.items()},
        "caught": agreement.caught,
        "expected": agreement.expected,
        "both": agreement.both,
    }


def _examples(archive: Archive, ids: Sequence[str], most: int) -> list[JSON]:
    found = (archive.article(article_id) for article_id in ids[:most])
    return [
        {"id": a.id, "title": a.title, "date": iso(a.date) if a.date else None, "section": a.section}
        for a in found
        if a is not None
    ]


def _tell(archive: Archive, trial: Trial, topic: Topic | None, examples: int) -> None:
    for repair in trial.repairs:
        echo(repair, err=True)
    echo(
        _(
            "%(articles)s of %(all)s, %(share)s",
            articles=count_text(len(trial.caught)),
            all=number_text(trial.articles),
            share=_percent(trial.share),
        )
    )
    _tell_examples(archive, trial.caught, examples)
    listed = [one for one in trial.sections if one.caught or one.is_topics]
    if listed:
        echo(_("caught of each section (* the topic's):"))
    for one in listed[:SECTIONS_LISTED]:
        share = _percent(one.caught / one.articles)
        mark = "*" if one.is_topics else " "
        echo(f" {mark} {one.section}: {number_text(one.caught)} / {number_text(one.articles)} ({share})")
    if len(listed) > SECTIONS_LISTED:
        echo("   " + _("... and %(count)s more sections", count=number_text(len(listed) - SECTIONS_LISTED)))
    if trial.agreement:
        echo(_agreement_text(trial.agreement))
    elif topic:
        echo(_("The archive has no articles in sections of this topic: nothing tells how the query agrees."))
    for said, ids in ((_("would be added"), trial.added), (_("would be lost"), trial.lost)):
        if ids is not None:
            echo(f"{said}: {count_text(len(ids))}")
            _tell_examples(archive, ids, examples)


def _tell_examples(archive: Archive, ids: Sequence[str], most: int) -> None:
    for article in filter(None, map(archive.article, ids[:most])):
        day = day_text(day_of(article.date, archive.settings.zone)) if article.date else ""
        facts = ", ".join(fact for fact in (article.section, day) if fact)
        echo(f"   {article.title}" + (f" ({facts})" if facts else ""))


def _agreement_text(agreement: Agreement) -> str:
    return _(
        "agreement with the sections: precision %(precision)s (%(both)s of %(caught)s), recall %(recall)s (%(both)s of "
        "%(expected)s), F1 %(f1)s",
        precision=_percent(agreement.precision),
        recall=_percent(agreement.recall),
        f1=_percent(agreement.f1),
        both=number_text(agreement.both),
        caught=number_text(agreement.caught),
        expected=number_text(agreement.expected),
    )


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{number_text(round(share * 100))} %"


@topics_group.command("add")
@click.argument("topic")
@click.option("--label", help="What readers see.")
@click.option("--query", help="What the topic's articles are found by, in the query language.")
@click.option("--code", help="Code of a vocabulary: medtop:15000000.")
@click.option(
    "--section", "sections", multiple=True, help="A section whose articles are in the topic; may be repeated."
)
@json_option
@archive_option
@click.pass_obj
def add_command(
    path: Path,
    topic: str,
    label: str | None,
    query: str | None,
    code: str | None,
    sections: tuple[str, ...],
    as_json: bool,
) -> None:
    """Add a topic, or change one: what an option names, nothing else. TOPIC is its slug, the part of its address.

    Example: telisik topics add dana-desa --label "Dana desa" --query '"dana desa" ATAU judul:bumdes'
    """
    given = {"label": label, "query": query, "code": code, "sections": SEPARATOR.join(sections) if sections else None}
    cells = {name: " ".join(value.split()) for name, value in given.items() if value is not None}
    with closing(Archive(path)) as archive, writing(archive.folder):
        slug = slug_in({"slug": topic})
        if circle := circle_of(archive, read_topics(archive.folder.topics), slug, cells.get("query", "")):
            raise TopicError(_("the query asks for the topic itself: %(way)s", way=" → ".join(circle)))
        added = TopicsFile(archive.folder.topics).put(slug, cells)
        repairs = repairs_of(archive, added.query)
    for repair in repairs:
        echo(repair, err=True)
    if as_json:
        echo_json({**added.cells, "code": added.code, "sections": list(added.sections), "repairs": list(repairs)})
        return
    echo(f"{added.slug}: {added.label}")
    echo(_("What it catches: telisik topics test %(slug)s", slug=added.slug), err=True)


@topics_group.command("remove")
@click.argument("topic")
@archive_option
@click.pass_obj
def remove_command(path: Path, topic: str) -> None:
    """Take a topic away: the archive's own is deleted from its file, a shipped one switched off.

    Example: telisik topics remove kisah
    """
    with closing(Archive(path)) as archive, writing(archive.folder):
        slug = topic_slug(topic)
        TopicsFile(archive.folder.topics).remove(slug)
    if slug in shipped_topics().by_slug:
        echo(_("switched off: %(slug)s", slug=slug))
        echo(_("telisik topics restore %(slug)s brings it back.", slug=slug), err=True)
    else:
        echo(_("removed: %(slug)s", slug=slug))


@topics_group.command("restore")
@click.argument("topic")
@archive_option
@click.pass_obj
def restore_command(path: Path, topic: str) -> None:
    """Put a shipped topic in force as it was shipped, in the place of the archive's own row.

    Example: telisik topics restore kisah
    """
    with closing(Archive(path)) as archive, writing(archive.folder):
        restored = TopicsFile(archive.folder.topics).restore(topic_slug(topic))
    echo(f"{restored.slug}: {restored.label}")


@topics_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@archive_option
@click.pass_obj
def import_command(path: Path, file: Path, as_json: bool) -> None:
    """Merge topics from a CSV file, or JSON lines, into the archive's own; none that is there is lost.

    Example: telisik topics import topik-redaksi.csv
    """
    with closing(Archive(path)) as archive, writing(archive.folder):
        merged = TopicsFile(archive.folder.topics).merge(file)
    tell_problems(file, merged.problems)
    if as_json:
        echo_json(merged_record(merged))
    else:
        echo(merged_text(merged))


@topics_group.command("export")
@format_option
@archive_option
@click.pass_obj
def export_command(path: Path, format_: str) -> None:
    """Write all topics, shipped ones included, to standard output, as CSV or as JSON lines; `topics import` reads both.

    Example: telisik topics export > topik.csv
    """
    with closing(Archive(path)) as archive:
        own = read_register(archive.folder.topics, COLUMNS)
    echo_table(topics_table(own), COLUMNS, format_, several="sections")
    tell_problems(archive.folder.topics, topics_from(own).problems)


COMMANDS: tuple[click.Command, ...] = (topics_group,)
