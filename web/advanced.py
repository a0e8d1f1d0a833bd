"""The advanced search: a field for each thing a query can ask for. Sent off, it leads to the result of the query they make."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from index.analysis import fold_value
from index.messages import gettext as _
from search.archive import Archive
from search.parts import Parts
from search.query import FilterField, Query, QueryError, Sort
from search.results import FacetValue
from web.api import archive_in_use
from web.arguments import TEXT, args_from_query
from web.pages import SearchForm
from web.site import render, url_for
from web.turning import reversed_days, turned_query
from web.urls import PATHS, SEARCH_PAGE, mended_query, search_link
from web.wording import field_label, sort_label

SEND = "go"  # the argument that the form sends, and an address that only fills it does not
TICKED = 24  # most frequent values of a field that are listed to be ticked
LISTED = 100  # names that a field completes by itself
SIZES = (10, 25, 50, 100)

NAMES = {"words": "all", "phrase": "phrase", "any_of": "any", "none_of": "none", "exact": "exact", "title": "title"}

advanced = Blueprint("advanced", __name__)


@dataclass(frozen=True, slots=True)
class Word:
    """A field of the form that takes words: its argument, label and explanation, and what stands in it."""

    name: str
    label: str
    hint: str
    value: str


@dataclass(frozen=True, slots=True)
class Ticks:
    """Values of a field to be ticked, those that the query is limited to among them."""

    name: str
    label: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A field of the form that takes a name: what stands in it, several where a query has several, and names to complete."""

    name: str
    label: str
    values: tuple[str, ...]
    known: tuple[str, ...]


@advanced.get("/search/advanced")
def advanced_page() -> AnyResponse | str | tuple[str, int]:
    """Show the form, filled with what the address asks for; lead to the result where the form was sent off."""
    archive = archive_in_use()
    parts = parts_from_args(request.args, archive)
    if SEND not in request.args:
        return _form(archive, parts, turned_query(request.args)[0])
    try:
        query, repairs = turned_query(request.args)
        query = replace(query, text=parts.text(archive.read), page=1)
        if repairs:
            return redirect(url_for(SEARCH_PAGE, **reversed_days(args_from_query(query))))
        return redirect(search_link(query))
    except QueryError as error:
        return _form(archive, parts, mended_query(request.args), error), 400


def parts_from_args(args: MultiDict[str, str], archive: Archive) -> Parts:
    """Return what stands in the fields for words: of a query in the query language, or of the fields themselves."""
    given = {field: args.get(name, "").strip() for field, name in NAMES.items()}
    if any(given.values()) or not args.get(TEXT, "").strip():
        return Parts(**given)
    return Parts.of(mended_query(args).text, archive.read)


def _form(archive: Archive, parts: Parts, query: Query, error: QueryError | None = None) -> str:
    facets = {facet.field: facet.values for facet in archive.search(Query(size=1)).facets}
    limits = query.limits()
    return render(
        "advanced.html",
        words=_word_fields(parts),
        ticks=[
            _ticks(field, facets[field.value], limits.get(field, ()))
            for field in (FilterField.SECTION, FilterField.SOURCE)
        ],
        named=[
            Named(
                field.value,
                field_label(field.value),
                tuple(_label(archive, field, value) for value in limits.get(field, ())),
                tuple(value.label for value in facets[field.value][:LISTED]),
            )
            for field in (FilterField.PERSON, FilterField.TOPIC, FilterField.AUTHOR)
        ],
        first=query.published_from,
        last=query.published_to,
        sorts=[(sort.value, sort_label(sort), sort is query.sort) for sort in Sort],
        sizes=[(size, size == query.size) for size in SIZES],
        error=error,
        form=SearchForm(""),
    )


def _word_fields(parts: Parts) -> tuple[Word, ...]:
    told = {
        "words": (_("All of these words"), _("In any form; the query language works here, too.")),
        "phrase": (_("This phrase"), _("Exactly these words next to each other.")),
        "any_of": (_("Any of these words"), _("One of them is enough.")),
        "exact": (_("Exactly these words"), _("In this form and no other.")),
        "none_of": (_("None of these words"), _("Articles with one of them are left out.")),
        "title": (_("In the headline"), _("All of these words.")),
    }
    return tuple(Word(NAMES[field], label, hint, getattr(parts, field)) for field, (label, hint) in told.items())


def _ticks(field: FilterField, known: Sequence[FacetValue], chosen: Sequence[str]) -> Ticks:
    """Return the most frequent values of a field, and those that are chosen, whatever their spelling."""
    asked = {fold_value(value): value for value in chosen}
    values = [
        replace(value, selected=asked.pop(fold_value(value.value), None) is not None)
        for place, value in enumerate(known)
        if place < TICKED or fold_value(value.value) in asked
    ]
    values += [FacetValue(value, value, 0, selected=True) for value in asked.values()]
    return Ticks(field.value, field_label(field.value), tuple(values))


def _label(archive: Archive, field: FilterField, value: str) -> str:
    """Return what readers see of a value: the name of a person or a topic."""
    entry = archive.entry(field, value) if field in PATHS else None
    return entry.label if entry else value
