"""Commands about persons: who is in the authority file, who could be, and what an archivist decides about them."""

import getpass
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

import click

from index.analysis import fold_value
from index.article import JSON, Article
from index.authority import (
    COLUMNS,
    REFUSED,
    Ambiguous,
    AuthorityError,
    Person,
    nobody,
    person_from,
    read_authority,
    several_people,
)
from index.dates import iso
from index.decisions import Decision, Decisions
from index.errors import IndexUnusable
from index.messages import gettext as _
from index.namekeys import name_key
from index.registers import Line, Register, read_records, read_register, register_text, values_in
from search.archive import Archive
from search.profiles import Profile
from search.query import FilterField, Query, Sort
from search.results import Entry
from web import commands_batch, commands_tag
from web.formatting import date_text, number_text
from web.options import archive_option, count_text, echo_json, json_option

ACCEPTED, CANDIDATE = "accepted", "candidate"  # beside REFUSED
NICKNAME_ARTICLES = 200  # the newest of a person, which are looked through for nicknames
SPELLINGS_LISTED = 5


@dataclass(frozen=True, slots=True)
class Listed:
    """A person as it is listed. Without an index nobody knows the `articles`, which are None then."""

    slug: str
    name: str
    status: str
    articles: int | None
    person: Person | None


class People:
    """The persons of one archive, recorded or named by its articles alone; without an index only the recorded ones."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.authority = read_authority(archive.folder.people)

    @cached_property
    def entries(self) -> tuple[Entry, ...] | None:
        """The persons whom the index names, None where there is none that can be read."""
        try:
            return self.archive.entries(FilterField.PERSON)
        except IndexUnusable:
            return None

    def listed(self, statuses: Iterable[str], text: str) -> list[Listed]:
        """Return the persons of these kinds that `text` fits, the most frequent first."""
        counts = {entry.slug: entry.articles for entry in self.entries or ()}
        known = None if self.entries is None else 0
        found = [
            Listed(p.slug, p.name, REFUSED if p.is_refused else ACCEPTED, counts.get(p.slug, known), p)
            for p in self.authority.people
        ]
        found += [Listed(e.slug, e.label, CANDIDATE, e.articles, None) for e in self.entries or () if not e.recorded]
        words = fold_value(text).split()
        chosen = [one for one in found if one.status in set(statuses) and _has(one, words)]
        return sorted(chosen, key=lambda one: (-(one.articles or 0), fold_value(one.name), one.slug))

    def meant(self, text: str, *, new: bool = False) -> str:
        """Return what a decision is told of a person: the slug of a record, else a candidate's name as articles write it.

        Raises AuthorityError for a name that nobody has, unless it may be `new` or there is no index to look in.
        """
        if self.authority.record(text) or self.authority.resolve(text):
            return text
        entry = self.archive.entry(FilterField.PERSON, text) if self.entries is not None else None
        if entry is None:
            if new or self.entries is None:
                return text
            raise self.unknown(text)
        key = name_key(text)
        spelled = (name for name, _count in self.archive.spellings(entry.slug) if name_key(name) == key)
        return entry.label if text == entry.slug else next(spelled, entry.label)

    def unknown(self, text: str) -> AuthorityError:
        """Return the error for a name that nobody has."""
        known = (name for person in self.authority.people for name in (person.slug, *person.names))
        return nobody(text, (*known, *(entry.label for entry in self.entries or ())))

    def tell_problems(self) -> None:
        """Say on standard error which rows of the file are left out."""
        for problem in self.authority.problems:
            click.echo(f"{self.archive.folder.people}: {problem}", err=True)
        if self.entries is None:
            click.echo(_("There is no index: nothing is known of articles. Make one: telisik index"), err=True)


def _has(one: Listed, words: Sequence[str]) -> bool:
    names = one.person.names if one.person else (one.name,)
    return not words or any(all(word in folded for word in words) for folded in map(fold_value, (*names, one.slug)))


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
        people.tell_problems()
    if as_json:
        records = [_listed_record(one, spellings) for one, spellings in shown]
        echo_json({"total": len(found), "people": records, "problems": list(people.authority.problems)})
        return
    for one, spellings in shown:
        click.echo(_listed_text(one, spellings, named=len(statuses) > 1))
    if not found:
        click.echo(_("No person is listed there."), err=True)
    elif len(found) > limit:
        click.echo(_("... and %(count)s more; --limit shows them", count=number_text(len(found) - limit)), err=True)


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

    Example: telisik people show "Siti Rahma"
    """
    with closing(Archive(path)) as archive:
        people = People(archive)
        profile = archive.profile(FilterField.PERSON, name) if people.entries is not None else None
        record = people.authority.record(name) or people.authority.resolve(name)
        person = profile.person if profile else record if isinstance(record, Person) else None
        people.tell_problems()
        if profile is None and isinstance(record, Ambiguous):
            raise several_people(name, record)
        if profile is None and person is None:
            raise people.unknown(name)
        nicknames = _nicknames(people, profile) if profile else []
    if as_json:
        echo_json(_shown_record(person, profile, nicknames))
        return
    for line in _shown_lines(person, profile, nicknames):
        click.echo(line)


def _nicknames(people: People, profile: Profile) -> list[tuple[str, int]]:
    """Return the nicknames that the newest articles tell of a person and its record does not know, with their articles."""
    from index.naming import nicknames_in  # they load the tagger, which no other command of this module needs
    from index.tagging import shipped_tagger

    query = Query(people=(profile.entry.slug,), sort=Sort.NEWEST)
    bodies = [article.body for article in islice(people.archive.results(query), NICKNAME_ARTICLES)]
    own = {name_key(name) for name, _count in profile.spellings}
    own |= {name_key(name) for name in (profile.person.names if profile.person else (profile.entry.label,))}
    counts: Counter[str] = Counter()
    written: dict[str, str] = {}
    for body, mentions in zip(bodies, shipped_tagger().tag(bodies), strict=True):
        told = {name_key(nick): nick for name, nick in nicknames_in(body, mentions) if name_key(name) in own}
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


def _shown_lines(person: Person | None, profile: Profile | None, nicknames: Sequence[tuple[str, int]]) -> Iterator[str]:
    name = person.name if person else profile.entry.label if profile else ""
    slug = person.slug if person else profile.entry.slug if profile else ""
    yield click.style(name, bold=True) + f" ({slug}, {_status_text(_status_of(person))})"
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
        yield f"  {_day(article) or '-'}  {article.title} ({article.id})"


def _line(label: str, counted: Sequence[tuple[str, int]]) -> Iterator[str]:
    if counted:
        yield f"  {label}: " + ", ".join(f"{name} ({number_text(count)})" for name, count in counted)


@people_group.command("accept")
@click.argument("names", nargs=-1, required=True)
@click.option("--as", "preferred", help="The preferred name of one person whom all NAMES are.")
@click.option("--role", help="Office or profession.")
@click.option("--alias", "aliases", multiple=True, help="One more name; may be repeated.")
@click.option("--new", is_flag=True, help="Accept names, too, that no article has.")
@json_option
@archive_option
@click.pass_obj
def accept_command(
    path: Path,
    names: tuple[str, ...],
    preferred: str | None,
    role: str | None,
    aliases: tuple[str, ...],
    new: bool,
    as_json: bool,
) -> None:
    """Give candidates a record of their own, each one; with --as they are all one person.

    Example: telisik people accept "Siti Rahma" --role "Menteri Uji" --alias "Bu Siti"
    """
    if aliases and preferred is None and len(names) > 1:
        raise click.UsageError(_("--alias needs --as where there are several names"))

    def decide(decisions: Decisions, people: People, by: str) -> Iterator[Decision]:
        meant = [people.meant(name, new=new) for name in names]
        if preferred is None:
            for name in meant:
                yield decisions.accept(by, name, aliases=aliases, role=role)
        else:
            yield decisions.accept(by, meant[0], preferred=preferred, aliases=(*meant[1:], *aliases), role=role)

    _decide(path, decide, as_json=as_json)


@people_group.command("merge")
@click.argument("names", nargs=-1, required=True)
@click.option("--into", required=True, help="The person who takes the names.")
@json_option
@archive_option
@click.pass_obj
def merge_command(path: Path, names: tuple[str, ...], into: str, as_json: bool) -> None:
    """Make one person of several: the names, and records, of NAMES go to another person.

    Example: telisik people merge "St. Rahma" "Siti R." --into "Siti Rahma"
    """
    _decide(
        path,
        lambda decisions, people, by: [decisions.merge(by, list(map(people.meant, names)), people.meant(into))],
        as_json=as_json,
    )


@people_group.command("split")
@click.argument("slug")
@click.argument("name")
@json_option
@archive_option
@click.pass_obj
def split_command(path: Path, slug: str, name: str, as_json: bool) -> None:
    """Make a person of its own of a NAME that is taken for another's.

    Example: telisik people split siti-rahma "St. Rahma"
    """
    _decide(path, lambda decisions, people, by: [decisions.split(by, slug, name)], as_json=as_json)


@people_group.command("alias")
@click.argument("slug")
@click.argument("name")
@click.option("--remove", is_flag=True, help="Take the name from the person.")
@json_option
@archive_option
@click.pass_obj
def alias_command(path: Path, slug: str, name: str, remove: bool, as_json: bool) -> None:
    """Give a person one more NAME, or take it away.

    Example: telisik people alias siti-rahma "Bu Siti"
    """

    def decide(decisions: Decisions, people: People, by: str) -> list[Decision]:
        return [decisions.remove_alias(by, slug, name) if remove else decisions.add_alias(by, slug, name)]

    _decide(path, decide, as_json=as_json)


@people_group.command("refuse")
@click.argument("names", nargs=-1, required=True)
@json_option
@archive_option
@click.pass_obj
def refuse_command(path: Path, names: tuple[str, ...], as_json: bool) -> None:
    """Note that names are no person's; they are listed and counted no more, whatever is imported again.

    Example: telisik people refuse "Bank Uji" "Piala Uji"
    """

    def decide(decisions: Decisions, people: People, by: str) -> Iterator[Decision]:
        for name in list(map(people.meant, names)):
            yield decisions.refuse(by, name)

    _decide(path, decide, as_json=as_json)


@people_group.command("undo")
@click.argument("number", type=click.IntRange(1))
@json_option
@archive_option
@click.pass_obj
def undo_command(path: Path, number: int, as_json: bool) -> None:
    """Take a decision back by its number in the log; an undo can be undone, too.

    Example: telisik people undo 7
    """
    _decide(path, lambda decisions, people, by: [decisions.undo(by, number)], as_json=as_json)


def _decide(path: Path, decide: Callable[[Decisions, People, str], Iterable[Decision]], *, as_json: bool) -> None:
    """Carry decisions out in the name of who runs this program, and tell them; those before one that fails stand."""
    done: list[Decision] = []
    with closing(Archive(path)) as archive:
        try:
            for decision in decide(Decisions(archive.folder), People(archive), getpass.getuser()):
                done.append(decision)
                for warning in decision.warnings:
                    click.echo(warning, err=True)
                if not as_json:
                    click.echo(f"{decision.number}: {decision.summary}")
        finally:
            if as_json and done:
                echo_json({"decisions": list(map(_decision_record, done))})


def _decision_record(decision: Decision) -> dict[str, JSON]:
    return {
        "number": decision.number,
        "at": decision.at.isoformat(),
        "by": decision.by,
        "action": decision.action.value,
        "name": decision.name,
        "names": list(decision.names),
        "slugs": [change.slug for change in decision.changes],
        "summary": decision.summary,
        "warnings": list(decision.warnings),
        "undoes": decision.undoes,
        "undone_by": decision.undone_by,
    }


@people_group.command("log")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many are listed.")
@json_option
@archive_option
@click.pass_obj
def log_command(path: Path, limit: int, as_json: bool) -> None:
    """List the decisions, the newest first, with the numbers by which they are undone.

    Example: telisik people log --limit 10
    """
    with closing(Archive(path)) as archive:
        log, zone = Decisions(archive.folder).log(limit), archive.settings.zone
    if as_json:
        echo_json({"decisions": list(map(_decision_record, log))})
        return
    for decision in log:
        undone = " " + _("(undone by %(number)d)", number=decision.undone_by) if decision.undone_by else ""
        at = decision.at.astimezone(zone)
        click.echo(f"{decision.number}  {at:%Y-%m-%d %H:%M}  {decision.by}  {decision.summary}{undone}")
    if not log:
        click.echo(_("Nothing has been decided yet."), err=True)


@people_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@archive_option
@click.pass_obj
def import_command(path: Path, file: Path, as_json: bool) -> None:
    """Merge records from a CSV file, or JSON lines, into the authority file; none that is there is lost.

    Example: telisik people import tokoh-redaksi.csv
    """
    register = read_records(file, COLUMNS)
    with closing(Archive(path)) as archive:
        merged = Decisions(archive.folder).merge_rows(getpass.getuser(), register)
    decision = merged.decision
    for problem in merged.problems:
        click.echo(f"{file}: {problem}", err=True)
    for warning in decision.warnings if decision else ():
        click.echo(warning, err=True)
    if as_json:
        echo_json(
            {
                "new": list(merged.new),
                "changed": list(merged.changed),
                "unchanged": len(merged.unchanged),
                "problems": list(merged.problems),
                "decision": _decision_record(decision) if decision else None,
            }
        )
        return
    click.echo(
        _(
            "%(new)s new, %(changed)s changed, %(unchanged)s unchanged, %(refused)s rows left out",
            new=number_text(len(merged.new)),
            changed=number_text(len(merged.changed)),
            unchanged=number_text(len(merged.unchanged)),
            refused=number_text(len(merged.problems)),
        )
    )
    if decision:
        click.echo(f"{decision.number}: {decision.summary}")


@people_group.command("export")
@click.option(
    "--format", "format_", type=click.Choice(["csv", "json"]), default="csv", show_default=True, help="Format."
)
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
    if format_ == "csv":
        more = tuple(name for name in register.header if name not in COLUMNS.names)
        click.echo(register_text(Register((*COLUMNS.names, *more), tuple(lines)), COLUMNS), nl=False)
    else:
        for line in lines:
            click.echo(json.dumps(_exported(line), ensure_ascii=False))
    for problem in people.authority.problems:
        click.echo(f"{archive.folder.people}: {problem}", err=True)


def _exported(line: Line) -> dict[str, JSON]:
    record: dict[str, JSON] = {name: line.cells.get(name, "") for name in (*COLUMNS.names, *line.cells)}
    return {**record, "aliases": list(values_in(line.cells.get("aliases", "")))}


for command in (*commands_tag.COMMANDS, commands_batch.batch_command):
    people_group.add_command(command)

COMMANDS: tuple[click.Command, ...] = (people_group,)
