"""The words that readers see for the values of the program: fields, orders, states, reasons; and a query read back."""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import TypeAlias

from index.article import Correction, CorrectionKind, Status
from index.messages import gettext as _
from index.messages import ngettext
from search.missed import led_to, missed_text
from search.query import FilterField, Query, Sort
from search.results import Also, MatchKind, SearchPage, Why
from search.tree import VariantKind
from web.formatting import articles_text, month_end, number_text, period_text

Labelling: TypeAlias = Callable[[FilterField, str], str]


def _itself(_field: FilterField, value: str) -> str:
    return value


def field_label(field: str) -> str:
    """Return the heading of a facet or limit."""
    return {
        FilterField.SECTION.value: _("Section"),
        FilterField.SOURCE.value: _("Source"),
        FilterField.AUTHOR.value: _("Author"),
        FilterField.PERSON.value: _("Person"),
        FilterField.TOPIC.value: _("Topic"),
        "year": _("Year"),
        "month": _("Month"),
    }[field]


def sort_label(sort: Sort) -> str:
    """Return the name of an order of hits."""
    return {Sort.RELEVANCE: _("Most relevant"), Sort.NEWEST: _("Newest"), Sort.OLDEST: _("Oldest")}[sort]


def status_label(status: Status) -> str:
    """Return the badge of an article that is not simply published; an empty text for one that is, or has come to be."""
    return {Status.CORRECTED: _("Corrected"), Status.WITHDRAWN: _("Withdrawn")}.get(status, "")


def entries_label(field: FilterField) -> str:
    """Return what the entries of a kind are called together."""
    return {FilterField.PERSON: _("People"), FilterField.TOPIC: _("Topics")}[field]


def names_text(number: int) -> str:
    """Return a number of names: "1.245 nama"."""
    return ngettext("%(count)s name", "%(count)s names", number, count=number_text(number))


def now_text(page: SearchPage) -> str:
    """Return what words that once missed lead to now: articles, or the page of a name; an empty text where they miss still."""
    if missed_text(page) is not None:
        return ""
    if entry := led_to(page):
        return _("now: the page of %(name)s, %(articles)s", name=entry.label, articles=articles_text(entry.articles))
    return _("now: %(articles)s", articles=articles_text(page.total))


def suggestion_words() -> dict[str, str]:
    """Return what the script of the search box says of suggestions; "{number}" stands for how many there are."""
    return {
        "label": _("Suggestions"),
        "person": _("Person"),
        "author": _("Author"),
        "topic": _("Topic"),
        "section": _("Section"),
        "title": _("Headline"),
        "none": _("No suggestions"),
        "one": _("1 suggestion; arrow down leads to it"),
        "many": _("{number} suggestions; arrow down leads to them"),
    }


def years_ago_text(years: int) -> str:
    """Return how long ago a day of an earlier year is: "25 tahun lalu"."""
    return ngettext("%(count)s year ago", "%(count)s years ago", years, count=number_text(years))


def correction_label(correction: Correction) -> str:
    """Return what a correction is called in press law."""
    return {
        CorrectionKind.ERRATUM: _("Erratum"),
        CorrectionKind.CORRECTION: _("Correction"),
        CorrectionKind.REPLY: _("Right of reply"),
        CorrectionKind.WITHDRAWAL: _("Withdrawal"),
    }[correction.kind]


def why_label(why: Why) -> str:
    """Return how a part of the query matched, in two or three words."""
    return {
        MatchKind.EXACT: _("exact word"),
        MatchKind.FORM: _("another form"),
        MatchKind.PHRASE: _("phrase"),
        MatchKind.NEAR: _("words near each other"),
        MatchKind.PREFIX: _("beginning of a word"),
        MatchKind.FUZZY: _("spelled alike"),
        MatchKind.FIELD: _("in a field"),
        MatchKind.PERSON: _("the person's name"),
        MatchKind.TOPIC: _("words of the topic"),
        MatchKind.ACRONYM: _("short or long form"),
        MatchKind.SPELLING: _("old or new spelling"),
        MatchKind.JOINED: _("written together or apart"),
    }[why.kind]


def also_text(searched: Sequence[Also]) -> str:
    """Return in a sentence what was searched beside what was typed, kind by kind; empty where there was nothing."""
    kinds = [[_variant_text(also) for also in searched if also.kind is kind] for kind in VariantKind]
    return (
        _("Also searched: %(words)s.", words="; ".join(", ".join(kind) for kind in kinds if kind)) if searched else ""
    )


def _variant_text(also: Also) -> str:
    words = {"also": also.also, "typed": also.typed}
    match also.kind:
        case VariantKind.ACRONYM if len(also.also) > len(also.typed):
            return _("%(also)s (long form of %(typed)s)", **words)
        case VariantKind.ACRONYM:
            return _("%(also)s (short for %(typed)s)", **words)
        case VariantKind.SPELLING:
            return _("%(also)s (another spelling of %(typed)s)", **words)
        case VariantKind.JOINED if " " in also.also:
            return _("%(also)s (%(typed)s written apart)", **words)
        case VariantKind.JOINED:
            return _("%(also)s (%(typed)s written as one word)", **words)


def relaxed_text(complete: int) -> str:
    """Return what is said of a result that few articles, or none, have all the words for."""
    if not complete:
        return _("No article has all the words; these have some of them, the best first.")
    return ngettext(
        "Only %(number)d article has all the words; the others have some of them, the best first.",
        "Only %(number)d articles have all the words; the others have some of them, the best first.",
        complete,
    )


def limits_text(query: Query, label: Labelling = _itself) -> str:
    """Return all limits of a query in words, "2019–2021, Rubrik Hukum atau Ekonomi"; empty where there are none.

    `label` gives what readers see of a value.
    """
    several = _(" or ")
    period = period_text(query.published_from, query.published_to)
    limits = [
        limit_text(field, several.join(label(field, value) for value in values))
        for field, values in query.limits().items()
    ]
    return ", ".join([period, *limits] if period else limits)


def limit_text(field: FilterField, value: str) -> str:
    """Return one limit in words: "rubrik Hukum"."""
    return {
        FilterField.SECTION: _("section %(value)s", value=value),
        FilterField.SOURCE: _("source %(value)s", value=value),
        FilterField.AUTHOR: _("author %(value)s", value=value),
        FilterField.PERSON: _("person %(value)s", value=value),
        FilterField.TOPIC: _("topic %(value)s", value=value),
    }[field]


def query_title(query: Query, label: Labelling = _itself) -> str:
    """Return a query as the title of its page: what was typed, then the limits; empty where there is neither."""
    return ", ".join(part for part in (query.text, limits_text(query, label)) if part)


def coverage_text(months: Collection[str]) -> str:
    """Return the time that articles of these months ("2023-07") cover; empty where there are none."""
    if not months:
        return ""
    first, last = (date.fromisoformat(f"{month}-01") for month in (min(months), max(months)))
    return period_text(first, month_end(last))
