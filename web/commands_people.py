"""Commands about persons: who is in the authority file, and who could be; what is decided about them is in `commands_decisions`."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

import click

from index.article import JSON, Article
from index.authority import COLUMNS, REFUSED, Ambiguous, AuthorityError, Person, person_from, several_people
from index.dates import iso
from index.messages import gettext as _
from index.namekeys import name_key
from index.registers import Line, Register, read_register
from search.archive import Archive
from search.profiles import Profile
from search.query import MAX_TEXT, FilterField, Query, Sort
from search.results import Entry
from web import commands_batch, commands_decisions, commands_tag
from web.formatting import date_text, number_text
from web.options import Bold, archive_option, count_text, echo, echo_json, json_option
from web.people import ACCEPTED, CANDIDATE, Listed, People
from web.tables import echo_table, format_option, tell_no_index, tell_problems

NICKNAME_ARTICLES = 200  # the newest of a person, which are looked through for nicknames
SPELLINGS_LISTED = 5


@click.group("people")
@archive_option
def people_group() -> None:
    """Show the persons whom articles name, and decide which names are whose: accept, merge, split, refuse.

    Decisions are kept in the file tokoh.csv of the archive's folder, which may be edited by hand, too.

    Example: telisik people list --candidates
    """


@people_group.command("list")
@click.argument("text", default="")
@click.option("--candidates", "kinds", flag_value=CANDIDATE, help="Names that nobody has decided about.")
@click.option("--refused", "kinds", flag_value=REFUSED, help="Names that were found to be no person's.")
@click.option("--all", "kinds", flag_value="all", help="All of them.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many are listed.")
@json_option
@archive_option
@click.pass_obj
def list_command(path: Path, text: str, kinds: str | None, limit: int, as_json: bool) -> None:
    """List the accepted persons, the most frequent first; TEXT is a part of a name.

    Example: telisik people list --candidates --limit 100
    """
    statuses = (ACCEPTED, CANDIDATE, REFUSED) if kinds == "all" else (kinds or ACCEPTED,)
    with closing(Archive(path)) as archive:
        people = People(archive)
        found = people.listed(statuses, text)
        shown = [(one, _spellings(people, one)) for one in found[:limit]]
        _tell_problems(people)
    if as_json:
        records = [_listed_record(one, spellings) for one, spellings in shown]
        echo_json({"total": len(found), "people": records, "problems": list(people.authority.problems)})
        return
    for one, spellings in shown:
        echo(_listed_text(one, spellings, named=len(statuses) > 1))
    if not found:
        echo(_no_persons(people, text, kinds), err=True)
    elif len(found) > limit:
        echo(_("... and %(count)s more; --limit shows them", count=number_text(len(found) - limit)), err=True)


def _no_persons(people: People, text: str, kinds: str | None) -> str:
    """Return what is said of an empty list: why it is so, and where there is more."""
    if text:
        return _("No person there has “%(text)s” in a name.", text=text)
    if kinds is None and any(not entry.recorded for entry in people.entries or ()):
        return _(
            "No person has been accepted yet; telisik people list --candidates shows the names that articles have."
        )
    return _("No person is listed there.")


def _tell_problems(people: People) -> None:
    tell_problems(people.archive.folder.people, people.authority.problems)
    if people.entries is None:
        tell_no_index()


def _spellings(people: People, one: Listed) -> tuple[tuple[str, int], ...]:
    return people.archive.spellings(one.slug) if one.status == CANDIDATE else ()


def _listed_record(one: Listed, spellings: Iterable[tuple[str, int]]) -> dict[str, JSON]:
    record: dict[str, JSON] = {
        "slug": one.slug,
        "name": one.name,
        "status": one.status,
        "articles": one.articles,
        "aliases": list(one.person.aliases) if one.person else [],
        "role": one.person.role if one.person else None,
    }
    if one.status == CANDIDATE:
        record["spellings"] = _counted(spellings)
    return record


def _listed_text(one: Listed, spellings: Sequence[tuple[str, int]], *, named: bool) -> str:
    facts = [] if one.articles is None or one.status == REFUSED else [count_text(one.articles)]
    facts += [_status_text(one.status)] if named else []
    facts += [one.person.role] if one.person and one.person.role else []
    others = one.person.aliases if one.person else [name for name, _count in spellings if name != one.name]
    also = ", ".join(others[:SPELLINGS_LISTED]) + (", …" if len(others) > SPELLINGS_LISTED else "")
    text = f"{one.slug}: {one.name}" + (f" ({', '.join(facts)})" if facts else "")
    return f"{text}; {also}" if also else text


def _status_text(status: str) -> str:
    return {ACCEPTED: _("accepted"), CANDIDATE: _("candidate"), REFUSED: _("refused")}[status]


def _counted(names: Iterable[tuple[str, int]]) -> list[JSON]:
    return [{"name": name, "articles": articles} for name, articles in names]


@people_group.command("show")
@click.argument("name")
@json_option
@archive_option
@click.pass_obj
def show_command(path: Path, name: str, as_json: bool) -> None:
    """Show what is known of a person: names, counts, first and last day, who is named with it, nicknames that articles tell.

    NAME is a slug, a name, an alias, or a nickname that articles explain.

    Example: telisik people show "Siti Rahma"
    """
    with closing(Archive(path)) as archive:
        people = People(archive)
        profile = archive.profile(FilterField.PERSON, name) if people.entries is not None else None
        record = people.authority.record(name) or people.authority.resolve(name)
        called = _called(people, name) if record is None and people.entries is not None else ()
        if profile is None and called:
            profile = archive.profile(FilterField.PERSON, called[0].slug)
        person = profile.person if profile else record if isinstance(record, Person) else None
        _tell_problems(people)
        if profile is None and isinstance(record, Ambiguous):
            raise several_people(name, record)
        if profile is None and person is None:
            raise people.unknown(name)
        nicknames = _nicknames(people, profile) if profile else []
    if as_json:
        echo_json(_shown_record(person, profile, nicknames))
        return
    if called:
        told = ", ".join(f"{entry.label} ({entry.slug})" for entry in called)
        echo(_("Articles tell that “%(name)s” is a nickname of: %(people)s", name=name, people=told), err=True)
    echo(*_heading(person, profile))
    for line in _shown_lines(person, profile, nicknames):
        echo(line)


def _called(people: People, nickname: str) -> tuple[Entry, ...]:
    """Return the persons of whom the newest articles with these words tell that they are called so, the oftenest told first."""
    words = nickname.replace('"', " ").strip()
    key = name_key(nickname)
    if not key:
        return ()
    told: Counter[str] = Counter()
    for pairs in _told_nicknames(people.archive, Query(f'"{words}"'[:MAX_TEXT], sort=Sort.NEWEST, expand=False)):
        told.update({name for name, nick in pairs if name_key(nick) == key and name_key(name) != key})
    found = (people.archive.entry(FilterField.PERSON, name) for name, _articles in told.most_common())
    return tuple(dict.fromkeys(entry for entry in found if entry is not None))


def _told_nicknames(archive: Archive, query: Query) -> list[list[tuple[str, str]]]:
    """Return (name, nickname) as each of the first articles that a query finds tells them."""
    from index.naming import nicknames_in  # they load the tagger, which no other command of this module needs
    from index.tagging import shipped_tagger

    bodies = [article.body for article in islice(archive.results(query), NICKNAME_ARTICLES)]
    return [nicknames_in(body, tagged) for body, tagged in zip(bodies, shipped_tagger().tag(bodies), strict=True)]


def _nicknames(people: People, profile: Profile) -> list[tuple[str, int]]:
    """Return the nicknames that the newest articles tell of a person and its record does not know, with their articles."""
    query = Query(people=(profile.entry.slug,), sort=Sort.NEWEST)
    own = {name_key(name) for name, _count in profile.spellings}
    own |= {name_key(name) for name in (profile.person.names if profile.person else (profile.entry.label,))}
    counts: Counter[str] = Counter()
    written: dict[str, str] = {}
    for pairs in _told_nicknames(people.archive, query):
        told = {name_key(nick): nick for name, nick in pairs if name_key(name) in own}
        counts.update(key for key in told if key not in own)
        written = told | written
    return [(written[key], articles) for key, articles in counts.most_common()]


def _shown_record(
    person: Person | None, profile: Profile | None, nicknames: Iterable[tuple[str, int]]
) -> dict[str, JSON]:
    record: dict[str, JSON] = {
        "slug": person.slug if person else profile.entry.slug if profile else "",
        "name": person.name if person else profile.entry.label if profile else "",
        "status": _status_of(person),
        "aliases": list(person.aliases) if person else [],
        "role": person.role if person else None,
        "wikidata": person.wikidata if person else None,
        "note": person.note if person else None,
        "articles": profile.entry.articles if profile else None,
    }
    if profile:
        told: dict[str, JSON] = {
            "first": _day(profile.first),
            "last": _day(profile.last),
            "spellings": _counted(profile.spellings),
            "with": [{"slug": p.value, "name": p.label, "articles": p.count} for p in profile.people],
            "nicknames": _counted(nicknames),
            "stories": [{"id": a.id, "title": a.title, "date": _day(a)} for a in profile.newest],
        }
        record |= told
    return record


def _status_of(person: Person | None) -> str:
    return CANDIDATE if person is None else REFUSED if person.is_refused else ACCEPTED


def _day(article: Article | None) -> str | None:
    return iso(article.date) if article and article.date else None


def _heading(person: Person | None, profile: Profile | None) -> tuple[str, str]:
    name = person.name if person else profile.entry.label if profile else ""
    slug = person.slug if person else profile.entry.slug if profile else ""
    return Bold(name), f" ({slug}, {_status_text(_status_of(person))})"


def _shown_lines(person: Person | None, profile: Profile | None, nicknames: Sequence[tuple[str, int]]) -> Iterator[str]:
    if person:
        facts = (
            (_("aliases"), ", ".join(person.aliases)),
            (_("role"), person.role),
            ("Wikidata", person.wikidata),
            (_("note"), person.note),
        )
        yield from (f"  {label}: {fact}" for label, fact in facts if fact)
    if not profile:
        return
    days = " – ".join(dict.fromkeys(date_text(a.date) for a in (profile.first, profile.last) if a and a.date))
    yield f"  {count_text(profile.entry.articles)}" + (f", {days}" if days else "")
    yield from _line(_("written"), profile.spellings)
    yield from _line(_("together with"), [(other.label, other.count) for other in profile.people])
    yield from _line(_("nicknames that articles tell"), nicknames)
    for article in profile.newest:
        yield f"  {date_text(article.date) if article.date else '-'}  {article.title} ({article.id})"


def _line(label: str, counted: Sequence[tuple[str, int]]) -> Iterator[str]:
    if counted:
        yield f"  {label}: " + ", ".join(f"{name} ({number_text(count)})" for name, count in counted)


@people_group.command("export")
@format_option
@archive_option
@click.pass_obj
def export_command(path: Path, format_: str) -> None:
    """Write the authority file to standard output, as CSV or as JSON lines; `people import` reads both.

    Example: telisik people export --format json > tokoh.jsonl
    """
    with closing(Archive(path)) as archive:
        people = People(archive)
        register = read_register(archive.folder.people, COLUMNS)
    kept = {person.slug for person in people.authority.people}
    lines = []
    for line in register.lines:
        try:
            slug = person_from(line.cells).slug
        except AuthorityError:
            continue
        if slug in kept:  # of two with one slug the first
            kept.remove(slug)
            lines.append(Line(0, {**line.cells, "slug": slug}))
    more = tuple(name for name in register.header if name not in COLUMNS.names)
    echo_table(Register((*COLUMNS.names, *more), tuple(lines)), COLUMNS, format_, several="aliases")
    tell_problems(archive.folder.people, people.authority.problems)


for command in (*commands_decisions.COMMANDS, *commands_tag.COMMANDS, commands_batch.batch_command):
    people_group.add_command(command)

COMMANDS: tuple[click.Command, ...] = (people_group,)
