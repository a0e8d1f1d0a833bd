"""The archivist's desk: candidates for persons by how often they occur, decisions about them, and the log that takes them back.

Every form works without JavaScript: a POST decides, remembers what was done in the session, and redirects to the page it came
from, which says so and offers to undo it.
"""

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from typing import TypeVar, cast
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, abort, g, redirect, request, session
from werkzeug.wrappers import Response as AnyResponse

from index.analysis import fold_value
from index.authority import Authority, AuthorityError, Person, read_authority
from index.decisions import Decision, Decisions
from index.messages import gettext as _
from index.registers import one_line
from search.archive import Archive
from search.browse import Directory
from search.query import FilterField, Query
from search.results import Entry
from web.accounts import address_here, archivist, login_needed, protect
from web.api import archive_in_use
from web.navigation import Pager
from web.pages import SearchForm
from web.site import render, templates_of, url_for

PER_PAGE = 20
DECISIONS_PER_PAGE = 50
SPELLINGS_SHOWN = 8
STORIES_OF_CANDIDATE, STORIES_OF_PERSON = 2, 6
MOST_FOUND = 12  # persons that a typed name offers for a merge
LONGEST_TEXT = 2_000
WARNINGS_TOLD, MOST_TOLD = 4, 300  # of a decision, and characters of each: a cookie holds 4 kB
DONE, PROBLEM = "done", "problem"  # what the session remembers until the next page has told it
BACK = "back"
FOUND_BY = "found"  # the name by which persons were found that are offered for a merge

Listed = TypeVar("Listed")

_WIKIDATA = re.compile(r"(?:https?://(?:www\.)?wikidata\.org/(?:wiki|entity)/)?(Q[1-9]\d{0,11})", re.IGNORECASE)

desk_pages = Blueprint("archivist", __name__, url_prefix="/archivist")
desk_pages.before_request(login_needed)
desk_pages.before_request(protect)


@dataclass(frozen=True, slots=True)
class Story:
    """An article to recognise a person by."""

    article_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    """A person in a list: how it is written and how often, stories to recognise it by, and its record."""

    entry: Entry
    spellings: tuple[tuple[str, int], ...]
    stories: tuple[Story, ...]
    record: Person | None


@desk_pages.get("/")
def desk() -> str:
    """List the candidates, most frequent first."""
    return _list(recorded=False)


@desk_pages.get("/people/")
def people() -> str:
    """List the persons with a record, most frequent first."""
    return _list(recorded=True)


@desk_pages.get("/refused/")
def refused() -> str:
    """List the names that were found to be no persons, by name."""
    folded = fold_value(_typed("q"))
    records = [person for person in _authority().people if person.is_refused and _has(folded, person.names)]
    records.sort(key=lambda person: fold_value(person.name))
    pager, shown = paged(records, PER_PAGE)
    return desk_page("archivist_refused.html", records=shown, pager=pager, typed=_typed("q"))


@desk_pages.get("/people/<slug>")
def person(slug: str) -> str | Response:
    """Show what is known of a person, and the forms that decide about it."""
    return _person_page(slug)


@desk_pages.get("/merge")
def choose() -> str:
    """Show the persons that may be merged: those that were chosen, and those that fit a typed name."""
    archive = archive_in_use()
    chosen = [entry for slug in dict.fromkeys(request.args.getlist("slug")) if (entry := _entry(archive, slug))]
    is_none_checked = bool(_typed(FOUND_BY)) and len(chosen) < 2
    typed = _typed(FOUND_BY) if is_none_checked else _typed("q")
    slugs = {entry.slug for entry in chosen}
    found = [entry for entry in _found(archive, typed) if entry.slug not in slugs][:MOST_FOUND] if typed else []
    chosen.sort(key=lambda entry: (not entry.recorded, -entry.articles, entry.label))
    authority = _authority()
    return desk_page(
        "archivist_merge.html",
        chosen=[_row(archive, authority, entry) for entry in chosen],
        found=[_row(archive, authority, entry) for entry in found],
        typed=typed,
        found_by=FOUND_BY,
        is_none_checked=is_none_checked,
    )


@desk_pages.get("/decisions")
def decisions() -> str:
    """Show the log of decisions, newest first."""
    number = _page_number()
    log = Decisions(archive_in_use().folder).log(number * DECISIONS_PER_PAGE + 1)
    first = (number - 1) * DECISIONS_PER_PAGE
    shown = log[first : first + DECISIONS_PER_PAGE]
    pager = Pager(
        number,
        number + (len(log) > first + DECISIONS_PER_PAGE),
        _with_page(number - 1) if number > 1 else None,
        _with_page(number + 1) if len(log) > first + DECISIONS_PER_PAGE else None,
    )
    return desk_page("archivist_decisions.html", decisions=shown, pager=pager)


@desk_pages.post("/accept")
def accept() -> AnyResponse | str:
    """Give a candidate a record, with the name, role and aliases that were typed, if any."""
    slug = request.form.get("slug", "")
    entry = _entry(archive_in_use(), slug)
    name = _typed("candidate") or (entry.label if entry else "")
    if not name:
        abort(404)
    if "name" not in request.form:  # from a list, as it stands
        return decided(lambda decisions, by: decisions.accept(by, name))
    values, problems = _typed_record(), _problems()
    if problems:
        return _person_page(slug, values=values, problems=problems, status=HTTPStatus.BAD_REQUEST)
    return decided(
        lambda decisions, by: decisions.accept(
            by, name, preferred=values["name"], aliases=_lines("aliases"), role=values["role"] or None
        ),
        person=values["name"],
    )


@desk_pages.post("/edit")
def edit() -> AnyResponse | str:
    """Change name, role, Wikidata id and note of a record."""
    slug = request.form.get("slug", "")
    values, problems = _typed_record(), _problems()
    if problems:
        return _person_page(slug, values=values, problems=problems, status=HTTPStatus.BAD_REQUEST)
    return decided(
        lambda decisions, by: decisions.edit(
            by,
            slug,
            name=values["name"],
            role=values["role"] or None,
            wikidata=_wikidata(values["wikidata"]),
            note=values["note"] or None,
        ),
        person=slug,
    )


@desk_pages.post("/refuse")
def refuse() -> AnyResponse:
    """Note that a name is no person's; it is offered no more."""
    entry = _entry(archive_in_use(), request.form.get("slug", "")) or abort(404)
    return decided(lambda decisions, by: decisions.refuse(by, _known_as(entry)))


@desk_pages.post("/merge")
def merge() -> AnyResponse:
    """Make one person of several: the one that was chosen to stay takes the names of the others."""
    archive = archive_in_use()
    slugs = list(dict.fromkeys(request.form.getlist("slug")))
    entries = {entry.slug: entry for slug in slugs if (entry := _entry(archive, slug))}
    into = entries.pop(request.form.get("into", ""), None)
    if into is None or not entries:
        session[PROBLEM] = _("Choose two people or more, and which name stays.")
        return redirect(url_for("archivist.choose", slug=slugs), HTTPStatus.SEE_OTHER)
    sources = [_known_as(entry) for entry in entries.values()]
    return decided(lambda decisions, by: decisions.merge(by, sources, _known_as(into)), person=into.label)


@desk_pages.post("/alias")
def add_alias() -> AnyResponse | str:
    """Give a person one more name."""
    slug, name = request.form.get("slug", ""), _typed("alias")
    if not name:
        problems = {"alias": _("Type the name under which this person is found, too.")}
        return _person_page(slug, problems=problems, status=HTTPStatus.BAD_REQUEST)
    return decided(lambda decisions, by: decisions.add_alias(by, slug, name), person=slug)


@desk_pages.post("/alias/remove")
def remove_alias() -> AnyResponse:
    """Take a name from a person."""
    slug, name = request.form.get("slug", ""), _typed("alias")
    return decided(lambda decisions, by: decisions.remove_alias(by, slug, name), person=slug)


@desk_pages.post("/split")
def split() -> AnyResponse:
    """Make a person of its own of a name that was taken for another's."""
    name = _typed("alias")
    archive, slug = archive_in_use(), request.form.get("slug", "")
    entry = _entry(archive, slug)
    if entry is None or entry.recorded:
        return decided(lambda decisions, by: decisions.split(by, slug, name), person=slug)
    spellings = [entry.label, *(spelling for spelling, _count in archive.spellings(slug))]
    return decided(lambda decisions, by: decisions.split(by, entry.label, name, spellings=spellings), person=slug)


@desk_pages.post("/undo")
def undo() -> AnyResponse:
    """Take a decision back."""
    number = _number(request.form.get("number", "")) or abort(404)
    return decided(lambda decisions, by: decisions.undo(by, number))


@desk_pages.errorhandler(AuthorityError)
def authority_unusable(error: AuthorityError) -> Response:
    """Say what is wrong with the file of persons: an archivist can mend it."""
    page = render(
        "archivist_message.html", title=_("The file of people cannot be read"), message=str(error), form=SearchForm("")
    )
    return Response(page, HTTPStatus.SERVICE_UNAVAILABLE)


def set_up_desk(app: Flask, site: Blueprint) -> None:
    """Give the site in an application the desk; `archivist_told()` in templates is what `told` returns, for pages of persons."""
    site.register_blueprint(desk_pages)
    templates_of(app).globals["archivist_told"] = told


def told() -> Mapping[str, object]:
    """Return what the last form did, or why it did nothing, and forget it: for the page that is shown next."""
    done, problem = session.pop(DONE, None), session.pop(PROBLEM, None)
    decision = None
    if done is not None:
        recent = Decisions(archive_in_use().folder).log(DECISIONS_PER_PAGE)
        decision = next((decision for decision in recent if decision.number == done["number"]), None)
    return {"decision": decision, "warnings": done["warnings"] if done else (), "problem": problem}


def here() -> str:
    """Return the address of this page, for forms to come back to; empty for one that answers a form itself."""
    return f"{request.script_root}{request.full_path}".rstrip("?") if request.method == "GET" else ""


def decided(decide: Callable[[Decisions, str], Decision], *, person: str | None = None) -> AnyResponse:
    """Carry a decision out and go back to where the form was, else to the `person`, else to the candidates."""
    by = archivist()
    assert by is not None, "nobody comes here without a login"
    archive = archive_in_use()
    try:
        decision = decide(Decisions(archive.folder), by)
        warnings = [warning[:MOST_TOLD] for warning in decision.warnings[:WARNINGS_TOLD]]
        session[DONE] = {"number": decision.number, "warnings": warnings}
    except AuthorityError as error:
        session[PROBLEM] = str(error)[:MOST_TOLD]
    entry = _entry(archive, person) if person else None
    otherwise = url_for("archivist.person", slug=entry.slug) if entry else url_for("archivist.desk")
    return redirect(address_here(request.form.get(BACK), otherwise), HTTPStatus.SEE_OTHER)


def _list(*, recorded: bool) -> str:
    archive, typed, authority = archive_in_use(), _typed("q"), _authority()
    found = [entry for entry in _found(archive, typed) if entry.recorded == recorded]
    pager, shown = paged(found, PER_PAGE)
    return desk_page(
        "archivist_list.html",
        recorded=recorded,
        rows=[_row(archive, authority, entry) for entry in shown],
        first=(pager.number - 1) * PER_PAGE + 1,
        pager=pager,
        total=len(found),
        typed=typed,
    )


def _person_page(
    slug: str,
    *,
    values: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    archive, authority = archive_in_use(), _authority()
    entry = _entry(archive, slug)
    if entry is None or entry.slug != slug:
        abort(404)
    row = _row(archive, authority, entry, spellings=None, stories=STORIES_OF_PERSON)
    record = row.record
    held = {
        "name": entry.label,
        "role": (record and record.role) or "",
        "wikidata": (record and record.wikidata) or "",
        "note": (record and record.note) or "",
        "aliases": "\n".join(name for name, _count in row.spellings if name != entry.label),
    }
    page = desk_page(
        "archivist_person.html",
        row=row,
        values=values or held,
        problems=problems or {},
        typed_alias=_typed("alias"),
    )
    return Response(page, status)


def desk_page(template: str, **values: object) -> str:
    """Return a page of the desk with what all of them show."""
    folder = archive_in_use().folder
    return render(
        template,
        form=SearchForm.of(Query()),
        told=told(),
        here=here(),
        broken=_authority().problems,
        readonly=None if os.access(folder.path, os.W_OK) else folder.path,
        **values,
    )


def _authority() -> Authority:
    """Return what the file of persons says, read once a request."""
    if "authority" not in g:
        g.authority = read_authority(archive_in_use().folder.people)
    return cast("Authority", g.authority)


def _entry(archive: Archive, slug: str) -> Entry | None:
    return archive.entry(FilterField.PERSON, slug) if slug else None


def _known_as(entry: Entry) -> str:
    """Return what decisions know a person by: a record by its slug, a candidate by its name."""
    return entry.slug if entry.recorded else entry.label


def _found(archive: Archive, typed: str) -> list[Entry]:
    """Return the persons whose name has all that was typed, in any spelling, most frequent first."""
    entries = archive.entries(FilterField.PERSON)
    if typed:
        authority = _authority()
        entries = Directory(
            entries, lambda slug: record.names if (record := authority.record(slug)) else ()
        ).with_words(typed)
    return sorted(entries, key=lambda entry: (-entry.articles, entry.label))


def _has(folded: str, names: Iterable[str]) -> bool:
    return any(all(word in fold_value(name) for word in folded.split()) for name in names)


def _row(
    archive: Archive,
    authority: Authority,
    entry: Entry,
    *,
    spellings: int | None = SPELLINGS_SHOWN,
    stories: int = STORIES_OF_CANDIDATE,
) -> Row:
    ids = archive.ranking(Query(people=(entry.slug,)), stories).article_ids if entry.articles else ()
    articles = (archive.article(article_id) for article_id in ids)
    return Row(
        entry,
        archive.spellings(entry.slug)[:spellings],
        tuple(Story(article.id, article.title) for article in articles if article is not None),
        authority.record(entry.slug) if entry.recorded else None,
    )


def _typed(name: str) -> str:
    return one_line(request.values.get(name, "")[:LONGEST_TEXT])


def _lines(name: str) -> tuple[str, ...]:
    lines = map(one_line, request.form.get(name, "")[:LONGEST_TEXT].splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


def _typed_record() -> dict[str, str]:
    """Return the fields of a record as they were typed."""
    values = {name: _typed(name) for name in ("name", "role", "wikidata", "note")}
    return {**values, "aliases": "\n".join(_lines("aliases"))}


def _problems() -> dict[str, str]:
    """Return what is wrong with the typed fields of a record, in words, by field."""
    problems = {}
    if not _typed("name"):
        problems["name"] = _("A person needs a name.")
    if (typed := _typed("wikidata")) and _wikidata(typed) is None:
        problems["wikidata"] = _("A Wikidata id is a Q and digits, such as Q3318.")
    return problems


def _wikidata(typed: str) -> str | None:
    """Return the id in what was typed, an id or the address of its page."""
    found = _WIKIDATA.fullmatch(typed)
    return found[1].upper() if found else None


def _page_number() -> int:
    return _number(request.args.get("page", "")) or 1


def _number(typed: str) -> int | None:
    """Return the number from 1 on that was typed; None where it is none, or larger than anything here."""
    return int(typed) or None if typed.isascii() and typed.isdigit() and len(typed) < 7 else None


def paged(items: Sequence[Listed], size: int) -> tuple[Pager, list[Listed]]:
    """Return the part of a list that the page of the address shows, and where it stands among the others."""
    pages = max(1, -(-len(items) // size))
    number = min(_page_number(), pages)
    shown = list(islice(items, (number - 1) * size, number * size))
    previous = _with_page(number - 1) if number > 1 else None
    return Pager(number, pages, previous, _with_page(number + 1) if number < pages else None), shown


def _with_page(number: int) -> str:
    arguments: dict[str, str | int] = {name: typed for name in ("q", "days") if (typed := _typed(name))}
    if number > 1:
        arguments["page"] = number
    return f"{request.script_root}{request.path}" + (f"?{urlencode(arguments)}" if arguments else "")
