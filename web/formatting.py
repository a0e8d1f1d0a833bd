"""How dates, periods, counts and marked text are written for readers, in the language in use."""

import re
from calendar import monthrange
from datetime import date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from urllib.parse import urlsplit

from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from index.messages import gettext as _
from index.messages import language, ngettext
from search.results import Highlighted

_ZONES = {timedelta(hours=7): "WIB", timedelta(hours=8): "WITA", timedelta(hours=9): "WIT"}
_TIME_PATTERNS = {"id": "HH.mm", "en": "HH:mm"}
_DECEMBER = 12
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


def date_text(published: date | datetime | None, zone: tzinfo | None = None) -> str:
    """Return a date written out, "Jumat, 22 Mei 2026 pukul 17.51 WIB"; only the day where only that is known.

    Times are told in `zone`, in their own where it is None. Nothing is known: an empty text.
    """
    if published is None:
        return ""
    moment = published.astimezone(zone) if isinstance(published, datetime) and zone else published
    day = format_date(moment, "EEEE, d MMMM yyyy", locale=language())
    if not isinstance(moment, datetime):
        return day
    clock = format_time(moment.timetz(), _TIME_PATTERNS[language()], tzinfo=moment.tzinfo, locale=language())
    return _("%(day)s at %(time)s %(zone)s", day=day, time=clock, zone=_zone_name(moment))


def day_text(day: date) -> str:
    """Return a day without its weekday: "22 Mei 2026"."""
    return format_date(day, "d MMMM yyyy", locale=language())


def month_text(day: date) -> str:
    """Return the month of a day: "Mei 2026"."""
    return format_date(day, "MMMM yyyy", locale=language())


def month_end(day: date) -> date:
    """Return the last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def period_text(first: date | None, last: date | None) -> str:
    """Return an inclusive period as people say it: "2019–2021", "Mei 2019", "sejak 3 Mei 2019"; empty for all times."""
    if first and last:
        if _is_whole_years(first, last):
            return f"{first.year}" if first.year == last.year else f"{first.year}–{last.year}"
        text = month_text if _is_whole_months(first, last) else day_text
        return " – ".join(dict.fromkeys((text(first), text(last))))
    if first:
        return _("since %(day)s", day=f"{first.year}" if (first.month, first.day) == (1, 1) else day_text(first))
    if last:
        return _("until %(day)s", day=f"{last.year}" if (last.month, last.day) == (_DECEMBER, 31) else day_text(last))
    return ""


def number_text(number: int) -> str:
    """Return a number with the separators of the language: "12.845"."""
    return _number_text(number, language())


@lru_cache(maxsize=4_096)  # Babel takes 50 µs, and a page tells a hundred numbers
def _number_text(number: int, locale: str) -> str:
    return format_decimal(number, locale=locale)


def decimal_text(number: float) -> str:
    """Return a number with one decimal, with the sign of the language: "0,5"."""
    return format_decimal(number, format="0.0", locale=language())


def articles_text(number: int) -> str:
    """Return a count of articles: "12.845 berita"."""
    return ngettext("%(count)s article", "%(count)s articles", number, count=number_text(number))


def versions_text(number: int) -> str:
    """Return how many other versions of a story there are: "3 versi lain"."""
    return ngettext("%(count)s other version", "%(count)s other versions", number, count=number_text(number))


def story_versions_text(number: int) -> str:
    """Return how many versions a story has, before its title: "3 versi berita"."""
    return ngettext(
        "%(count)s version of the story", "%(count)s versions of the story", number, count=number_text(number)
    )


def marked_html(text: Highlighted) -> Markup:
    """Return the text as HTML, escaped, with what matches in `<mark>`."""
    pieces = (Markup("<mark>%s</mark>") % part if matched else escape(part) for part, matched in text.parts())
    return Markup("").join(pieces)


def web_address(url: str | None) -> str | None:
    """Return an address that may become a link: one of the web; None for anything else, such as "javascript:"."""
    try:
        parts = urlsplit(url or "")
    except ValueError:  # a bracket that belongs to no IPv6 address: it leads nowhere
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def language_tag(name: str | None) -> str:
    """Return the language of an article's text as `lang` takes it (BCP 47); Indonesian where its source named none."""
    return name if name and _LANGUAGE_TAG.fullmatch(name) else "id"


def _zone_name(moment: datetime) -> str:
    offset = moment.utcoffset() or timedelta(0)
    return _ZONES.get(offset) or timezone(offset).tzname(None)


def _is_whole_years(first: date, last: date) -> bool:
    return (first.month, first.day, last.month, last.day) == (1, 1, _DECEMBER, 31)


def _is_whole_months(first: date, last: date) -> bool:
    return first.day == 1 and last == month_end(last)
