"""Periods as readers type them: "2019..2021", "17 Agustus 1998", "pekan lalu", "7 hari terakhir"; Indonesian and English."""

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

from index.dates import checked_day, month_number
from index.messages import gettext as _

Period = tuple[date | None, date | None]

_UNITS = {
    "hari": "day", "day": "day", "days": "day",
    "minggu": "week", "pekan": "week", "week": "week", "weeks": "week",
    "bulan": "month", "month": "month", "months": "month",
    "tahun": "year", "year": "year", "years": "year",
}  # fmt: skip
_UNIT = "|".join(_UNITS)
_DAYS = {
    "hari ini": 0, "today": 0, "kemarin": 1, "kemaren": 1, "yesterday": 1,
    "kemarin lusa": 2, "kemarin dulu": 2, "day before yesterday": 2,
}  # fmt: skip
_BETWEEN = (
    re.compile(r"(.+?)\s*(?:\.\.+|…|–)\s*(.+)"),
    re.compile(r"(\d{4})\s*-\s*(\d{4})"),
    re.compile(r"(?:antara|between)\s+(.+?)\s+(?:dan|and)\s+(.+)"),
    re.compile(r"(?:dari|from)\s+(.+?)\s+(?:sampai|hingga|s/d|to|until)\s+(.+)"),
    re.compile(r"(.+?)\s+(?:sampai|hingga|s/d|until)\s+(.+)"),
)
_OPEN = (
    (re.compile(r"(?:sejak|mulai|since|from)\s+(.+)|(.+?)\s*\.\.+|>=\s*(.+)"), lambda first, last: (first, None)),
    (re.compile(r"(?:sampai|hingga|until|to)\s+(.+)|\.\.+\s*(.+)|<=\s*(.+)"), lambda first, last: (None, last)),
    (re.compile(r"(?:sebelum|before)\s+(.+)|<\s*(.+)"), lambda first, last: (None, first and first - timedelta(1))),
    (re.compile(r"(?:setelah|sesudah|after)\s+(.+)|>\s*(.+)"), lambda first, last: (last and last + timedelta(1), None)),
)  # fmt: skip
_YEAR = re.compile(r"(?:tahun\s+|year\s+)?(\d{4})")
_DECADE = re.compile(r"(?:dasawarsa\s+|tahun\s+|dekade\s+|the\s+)?(\d{3})0(?:-an|an|'?s)")
_YEAR_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})")
_MONTH_YEAR = re.compile(r"(\d{1,2})/(\d{4})")
_NAME_YEAR = re.compile(r"([a-z]+)\.?\s+(\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMERIC_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_NAMED_DAY = re.compile(r"(\d{1,2})\s+([a-z]+)\.?(?:\s+(\d{4}))?")
_THIS = re.compile(rf"(?:(?:this)\s+({_UNIT})|({_UNIT})\s+ini)")
_LAST = re.compile(rf"(?:(?:last)\s+({_UNIT})|({_UNIT})\s+(?:lalu|kemarin|yang\s+lalu))")
_AGO = re.compile(rf"(\d{{1,3}})\s+({_UNIT})\s+(?:yang\s+)?(?:lalu|silam|ago)")
_PAST = re.compile(rf"(?:last|past)\s+(\d{{1,3}})\s+({_UNIT})|(\d{{1,3}})\s+({_UNIT})\s+(?:terakhir|belakangan)")
_WEEKEND = re.compile(r"akhir\s+(?:pekan|minggu)\s+(ini|lalu)|(this|last)\s+weekend")

_COUNTED_FROM_TODAY = (_THIS, _LAST, _AGO, _PAST, _WEEKEND)
LONGEST_SPOKEN = 5  # words: "3 bulan yang lalu", "day before yesterday"


def parse_period(text: str, today: date) -> Period:
    """Return the first and the last day, both inclusive, of the period that `text` names; None is an open end.

    Weeks begin on Monday. A reversed range is turned round. Raises ValueError, whose text quotes what was typed, for
    anything that names no period.
    """
    line = " ".join(text.casefold().split())
    try:
        return _period(line, today)
    except (ValueError, OverflowError) as error:
        reason = _("'%(text)s' names no date; an example: 2019..2021 or \"17 Agustus 1998\"", text=text[:60])
        raise ValueError(reason) from error


def spoken_period(text: str, today: date) -> tuple[Period, bool] | None:
    """Return the days that words inside of a sentence surely mean, and whether they are counted from today; None for others.

    Whole dates ("17 Agustus 1998"), months ("Mei 1998") and what is counted from today ("pekan lalu") do; a number alone,
    which may be a year, does not.
    """
    line = " ".join(text.casefold().split())
    is_relative = line in _DAYS or any(pattern.fullmatch(line) for pattern in _COUNTED_FROM_TODAY)
    named_day = _NAMED_DAY.fullmatch(line)
    whole = any(pattern.fullmatch(line) for pattern in (_NAME_YEAR, _ISO_DAY, _NUMERIC_DAY))
    if not (is_relative or whole or (named_day and named_day[3])):
        return None
    try:
        return parse_period(line, today), is_relative
    except ValueError:
        return None


def _period(line: str, today: date) -> Period:
    for pattern in _BETWEEN:
        match = pattern.fullmatch(line)
        if match:
            (first, first_end), (last, last_end) = _span(match[1], today), _span(match[2], today)
            return min(first, last), max(first_end, last_end)
    for pattern, limit in _OPEN:
        match = pattern.fullmatch(line)
        if match:
            return limit(*_span(next(filter(None, match.groups())), today))
    return _span(line, today)


def _span(line: str, today: date) -> tuple[date, date]:
    if line in _DAYS:
        day = today - timedelta(_DAYS[line])
        return day, day
    for pattern, span in _SPANS:
        match = pattern.fullmatch(line)
        if match:
            return span(match, today)
    raise ValueError(line)


def _year(match: re.Match[str], today: date) -> tuple[date, date]:
    return checked_day(int(match[1]), 1, 1), date(int(match[1]), 12, 31)


def _decade(match: re.Match[str], today: date) -> tuple[date, date]:
    return checked_day(int(match[1]) * 10, 1, 1), date(int(match[1]) * 10 + 9, 12, 31)


def _month(year: int, month: int) -> tuple[date, date]:
    first = checked_day(year, month, 1)
    return first, first.replace(day=calendar.monthrange(year, month)[1])


def _one_day(year: int, month: int, day: int) -> tuple[date, date]:
    found = checked_day(year, month, day)
    return found, found


def _named_day(match: re.Match[str], today: date) -> tuple[date, date]:
    month = month_number(match[2])
    if match[3]:
        return _one_day(int(match[3]), month, int(match[1]))
    day = checked_day(today.year, month, int(match[1]))
    return _one_day(day.year - (day > today), month, int(match[1]))


def _unit_span(unit: str, back: int, today: date) -> tuple[date, date]:
    """Return the calendar day, week, month or year that lies `back` of them before today's."""
    match unit:
        case "day":
            day = today - timedelta(back)
            return day, day
        case "week":
            monday = today - timedelta(today.weekday() + 7 * back)
            return monday, monday + timedelta(6)
        case "month":
            months = today.year * 12 + today.month - 1 - back
            return _month(months // 12, months % 12 + 1)
    return checked_day(today.year - back, 1, 1), date(today.year - back, 12, 31)


def _past(match: re.Match[str], today: date) -> tuple[date, date]:
    count, unit = int(match[1] or match[3]), _UNITS[match[2] or match[4]]
    if count == 0:
        raise ValueError(match[0])
    if unit in ("day", "week"):
        return today - timedelta(count * (7 if unit == "week" else 1) - 1), today
    first = _unit_span(unit, count, today)[0] if unit == "year" else _unit_span("month", count, today)[0]
    last_day = calendar.monthrange(first.year, today.month if unit == "year" else first.month)[1]
    month = today.month if unit == "year" else first.month
    return date(first.year, month, min(today.day, last_day)) + timedelta(1), today


def _weekend(match: re.Match[str], today: date) -> tuple[date, date]:
    back = 0 if (match[1] or match[2]) in ("ini", "this") else 1
    saturday = _unit_span("week", back, today)[0] + timedelta(5)
    return saturday, saturday + timedelta(1)


_SPANS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], tuple[date, date]]], ...] = (
    (_YEAR, _year),
    (_DECADE, _decade),
    (_YEAR_MONTH, lambda m, today: _month(int(m[1]), int(m[2]))),
    (_MONTH_YEAR, lambda m, today: _month(int(m[2]), int(m[1]))),
    (_NAME_YEAR, lambda m, today: _month(int(m[2]), month_number(m[1]))),
    (_ISO_DAY, lambda m, today: _one_day(int(m[1]), int(m[2]), int(m[3]))),
    (_NUMERIC_DAY, lambda m, today: _one_day(int(m[3]), int(m[2]), int(m[1]))),
    (_NAMED_DAY, _named_day),
    (_THIS, lambda m, today: _unit_span(_UNITS[m[1] or m[2]], 0, today)),
    (_LAST, lambda m, today: _unit_span(_UNITS[m[1] or m[2]], 1, today)),
    (_AGO, lambda m, today: _unit_span(_UNITS[m[2]], int(m[1]), today)),
    (_PAST, _past),
    (_WEEKEND, _weekend),
)
