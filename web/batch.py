"""The form that looks up a list of names: pasted lines or an uploaded table; the result as a page, CSV or JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, Response, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from index.article import JSON
from index.errors import FileRefused
from index.messages import gettext as _
from index.messages import ngettext
from search.batch import PLAIN_SUFFIX, NameFound, Names, csv_lines, look_up, names_in, read_names, record_of
from search.query import Query, QueryError
from web.api import archive_in_use, csv_response, json_response
from web.formatting import number_text
from web.pages import SearchForm
from web.site import render
from web.urls import search_link

MOST_NAMES = 10_000
MOST_BYTES = 4 << 20  # of a request: ten thousand names, each as long as names come, are half of it
NAMES, FILE, FORM, CSV = "names", "file", "form", "csv"
FILE_NAME = "telisik-nama.csv"

batch = Blueprint("batch", __name__)


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found of a list of names: those with articles, those without, and what is said of the list."""

    found: tuple[NameFound, ...]
    missing: tuple[NameFound, ...]
    notes: tuple[str, ...]


@batch.get("/batch")
def batch_form() -> str:
    """Show the form."""
    return _page("", None)


@batch.post("/batch")
def batch_result() -> str | Response:
    """Look the names up and show what was found, or send it as CSV."""
    asked = _asked()
    found = list(look_up(archive_in_use(), asked.names))
    if request.form.get(FORM) == CSV:
        return _table(found)
    looked = Looked(
        found=tuple(one for one in found if one.articles),
        missing=tuple(one for one in found if not one.articles),
        notes=tuple(_notes(asked)),
    )
    return _page("\n".join(asked.names), looked)


@batch.post("/batch.csv")
def batch_csv() -> Response:
    """Look the names up and answer with a table, a row a name."""
    return _table(list(look_up(archive_in_use(), _asked().names)))


@batch.post("/batch.json")
def batch_json() -> Response:
    """Look the names up and answer with what was found of each, in their order, and what is said of the list."""
    asked = _asked()
    found: list[JSON] = [record_of(one, _link(one.query)) for one in look_up(archive_in_use(), asked.names)]
    return json_response({"names": found, "notes": list(_notes(asked))})


def _table(found: Sequence[NameFound]) -> Response:
    return csv_response("".join(csv_lines(found, _link)), FILE_NAME, len(found))


def _link(query: Query) -> str:
    return search_link(query, absolute=True)


def _page(names: str, looked: Looked | None) -> str:
    return render("batch.html", names=names, looked=looked, most=MOST_NAMES, form=SearchForm(""))


def _asked() -> Names:
    """Return the names that were sent; raise QueryError where they are none, too many, or cannot be read."""
    request.max_content_length = request.max_form_memory_size = MOST_BYTES
    try:
        pasted = names_in(request.form.get(NAMES, "").splitlines())
        file = request.files.get(FILE)
    except RequestEntityTooLarge as error:
        reason = _("the list is larger than %(most)s kB", most=number_text(MOST_BYTES >> 10))
        raise QueryError(NAMES, "too_large", reason) from error
    uploaded = _uploaded(file) if file is not None and file.filename else Names(())
    names = tuple(dict.fromkeys((*pasted.names, *uploaded.names)))
    if not names:
        raise QueryError(NAMES, "empty", _("the list has no names"))
    if len(names) > MOST_NAMES:
        reason = _(
            "the list has %(number)s names; at most %(most)s can be looked up at once, more with: telisik people batch",
            number=number_text(len(names)),
            most=number_text(MOST_NAMES),
        )
        raise QueryError(NAMES, "too_many", reason)
    repeated = pasted.repeated + uploaded.repeated + len(pasted.names) + len(uploaded.names) - len(names)
    return Names(names, repeated, (*pasted.problems, *uploaded.problems))


def _uploaded(file: FileStorage) -> Names:
    with TemporaryDirectory() as folder:
        is_plain = (file.filename or "").casefold().endswith(PLAIN_SUFFIX)
        path = Path(folder) / f"names{PLAIN_SUFFIX if is_plain else '.csv'}"
        file.save(path)
        try:
            return read_names(path)
        except FileRefused as error:
            place = "" if error.line is None else _("line %(number)d", number=error.line) + ": "
            raise QueryError(FILE, "unreadable", place + error.reason) from error


def _notes(asked: Names) -> Sequence[str]:
    repeated = ngettext(
        "%(number)d repeated name was looked up once.",
        "%(number)d repeated names were looked up once.",
        asked.repeated,
    )
    return [*([repeated] if asked.repeated else []), *asked.problems]
