"""The archivist's view of searches without hits, and a step from each to what mends it: an alias, a word of kata.txt, a topic."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from flask import Blueprint, redirect, request, session
from werkzeug.wrappers import Response as AnyResponse

from index.analysis import ANALYZER
from index.authority import AuthorityError
from index.decisions import Decision, Decisions
from index.errors import ArchiveError
from index.messages import gettext as _
from index.misses import KEPT_DAYS, Miss, Misses
from index.registers import one_line
from index.topicfile import TopicsFile
from index.topics import TopicError, read_topics, slug_in
from index.wordfile import add_exception
from index.writer import writing
from search.archive import Archive
from search.query import FilterField, Query
from web.accounts import address_here, login_needed, protect
from web.api import archive_in_use
from web.archivist import BACK, MOST_TOLD, PROBLEM, authority_unusable, decided, desk_page, paged
from web.formatting import articles_text
from web.site import url_for
from web.wording import now_text

PER_PAGE = 20
PERIODS = (30, 90, KEPT_DAYS)  # days that an archivist may look back
LONGEST = 1_000  # characters of what is typed into a form
SAID = "said"  # what the session remembers of a form that is no decision about a person

misses_pages = Blueprint("misses", __name__, url_prefix="/archivist/misses")
misses_pages.before_request(login_needed)
misses_pages.before_request(protect)
misses_pages.register_error_handler(AuthorityError, authority_unusable)


@dataclass(frozen=True, slots=True)
class Row:
    """A miss, and what is said of what its words lead to now, nothing while they miss still."""

    miss: Miss
    now: str


@misses_pages.get("/")
def misses_page() -> str:
    """List the searches without hits, the most frequent first."""
    archive = archive_in_use()
    days = _days()
    misses, problem = _listed(archive, days)
    pager, shown = paged(misses, PER_PAGE)
    return desk_page(
        "archivist_misses.html",
        rows=[Row(miss, _now(archive, miss.text)) for miss in shown],
        total=len(misses),
        first=(pager.number - 1) * PER_PAGE + 1,
        days=days,
        periods=PERIODS,
        pager=pager,
        said=session.pop(SAID, None),
        problem=problem,
    )


@misses_pages.get("/mend")
def mend() -> str:
    """Show the forms that mend a miss: for the name of a person, for a word, for a topic."""
    archive, text = archive_in_use(), one_line(request.args.get("text", "")[:LONGEST])
    return desk_page(
        "archivist_mend.html",
        text=text,
        now=_now(archive, text),
        suggestion=archive.search(Query(text, size=1)).did_you_mean,
        near=[entry for entry in archive.nearest(text) if entry.field is FilterField.PERSON],
        words=[word.surface for word in ANALYZER.words(text) if word.surface.isalpha()],
    )


@misses_pages.post("/alias")
def alias() -> AnyResponse:
    """Make the words a name of a person, who gets a record where there is none."""
    archive, name = archive_in_use(), _typed("alias")
    typed = request.form.get("slug") or _typed("person")
    entry = archive.entry(FilterField.PERSON, typed) if typed else None

    def decide(decisions: Decisions, by: str) -> Decision:
        if entry is None:
            raise AuthorityError(_('no person is called "%(name)s"', name=typed))
        if entry.recorded:
            return decisions.add_alias(by, entry.slug, name)
        return decisions.accept(by, entry.label, aliases=[name])

    return decided(decide)


@misses_pages.post("/word")
def word() -> AnyResponse:
    """Put a word into the newsroom's list: as a name, or with its root."""
    archive, typed, root = archive_in_use(), _typed("word"), _typed("root")

    def add() -> str:
        with writing(archive.folder):
            add_exception(archive.folder.exceptions, f"{typed} = {root}" if root else typed)
        if root:
            return _("%(word)s is searched in all forms of %(root)s", word=typed, root=root)
        return _("%(word)s is a name and never stemmed", word=typed)

    return _done(add)


@misses_pages.post("/topic")
def topic() -> AnyResponse:
    """Make a topic of the words, with the query that finds its articles."""
    archive = archive_in_use()
    cells = {"label": _typed("label"), "query": _typed("query")}

    def add() -> str:
        slug = slug_in(cells)
        with writing(archive.folder):
            if read_topics(archive.folder.topics).find(slug):
                raise TopicError(_('there is a topic "%(slug)s" already', slug=slug))
            made = TopicsFile(archive.folder.topics).put(slug, cells)
        entry = archive.entry(FilterField.TOPIC, slug)
        count = articles_text(entry.articles if entry else 0)
        return _("the topic %(label)s has %(articles)s", label=made.label, articles=count)

    return _done(add)


@misses_pages.post("/forget")
def forget() -> AnyResponse:
    """Take words out of the log."""
    text = _typed("text")

    def take() -> str:
        Misses(archive_in_use().folder).forget(text)
        return _("taken out of the log: %(text)s", text=text)

    return _done(take)


def _done(do: Callable[[], str]) -> AnyResponse:
    """Do what a form asks for, remember what is said of it, or what was wrong, and go back."""
    try:
        session[SAID] = do()[:MOST_TOLD]
    except ArchiveError as error:
        session[PROBLEM] = str(error)[:MOST_TOLD]
    return redirect(address_here(request.form.get(BACK), url_for("misses.misses_page")), HTTPStatus.SEE_OTHER)


def _listed(archive: Archive, days: int) -> tuple[tuple[Miss, ...], str | None]:
    """Return the misses of so many days, or none and why they cannot be read."""
    try:
        return Misses(archive.folder).listed(archive.today() - timedelta(days=days - 1)), None
    except ArchiveError as error:
        return (), str(error)


def _now(archive: Archive, text: str) -> str:
    return now_text(archive.search(Query(text, size=1)))


def _days() -> int:
    typed = request.args.get("days", "")
    return next((days for days in PERIODS if str(days) == typed), PERIODS[1])


def _typed(name: str) -> str:
    return one_line(request.form.get(name, "")[:LONGEST])
