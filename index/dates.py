"""Dates of publication, as newsrooms write them, and the one table of month names that everything Indonesian uses."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from index.messages import gettext as _

WIB = timezone(timedelta(hours=7), "WIB")
WITA = timezone(timedelta(hours=8), "WITA")
WIT = timezone(timedelta(hours=9), "WIT")
DEFAULT_ZONE = ZoneInfo("Asia/Jakarta")
FIRST_YEAR, LAST_YEAR = 1600, 2200

# Indonesian of today, as abbreviated and as spelt before 1972, then English where it differs.
_MONTHS = (
    "januari jan djanuari january",
    "februari feb pebruari peb february",
    "maret mar mrt march",
    "april apr",
    "mei may",
    "juni jun djuni june",
    "juli jul djuli july",
    "agustus agt ags agu agus aug august",
    "september sep sept",
    "oktober okt october oct",
    "november nov nopember nop",
    "desember des december dec",
)
MONTHS = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}

_ZONES: dict[str, tzinfo] = {
    "wib": WIB, "wita": WITA, "wit": WIT, "gmt": UTC, "utc": UTC, "ut": UTC, "z": UTC,
    **{name: timezone(timedelta(hours=-hours)) for name, hours in  # of RFC 822
       (("edt", 4), ("est", 5), ("cdt", 5), ("cst", 6), ("mdt", 6), ("mst", 7), ("pdt", 7), ("pst", 8))},
}  # fmt: skip
_OFFSET = r"(?:gmt|utc)?\s?[+-]\d{1,2}(?::?\d{2}(?::?\d{2})?)?"  # with seconds: Batavia was +07:07:12 until 1924
_TIME = re.compile(
    rf"(?:^|[\s,|T(/-])(?:pukul|pkl\.?|jam|at)?:?\s*(\d{{1,2}})[:.](\d{{2}})(?:[:.](\d{{2}})(?:[.,](\d{{1,6}})\d*)?)?\s*"
    rf"(am\b|pm\b)?\s*\(?({_OFFSET}|(?:{'|'.join(_ZONES)})\b)?\)?\s*$",
    re.IGNORECASE,
)
_SHORT_YEAR = re.compile(  # of RFC 822 alone, where the time and its zone say that this is one
    r"(?<=\d [A-Z][a-z]{2} )(\d{2})(?= \d{2}:\d{2}(?::\d{2})? (?:[+-]\d{4}|UTC?|GMT|[ECMP][SD]T|Z)$)"
)
_SIGNS = str.maketrans({"\u00a0": " ", "–": "-", "—": "-", "•": "|", "·": "|"})
_LABEL = re.compile(r"^\D{0,60}[\s:|,(-]+(?=\d)")  # "Kompas.com - ", "Diterbitkan Rebo, "
_WEEKDAY = re.compile(
    r"^\W*(?:senin|selasa|rabu|kamis|jum['’`]?at|djum['’`]?at|sabtu|minggu|ahad|mon|tue|wed|thu|fri|sat|sun|monday|tuesday|"
    r"wednesday|thursday|friday|saturday|sunday)\b[\s,(]*",
    re.IGNORECASE,
)
_ISO_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{4})?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_DAY_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s-]+([A-Za-z]+)\.?,?[\s-]+(\d{4})")
_NAME_DAY = re.compile(r"([A-Za-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_UNIX = re.compile(r"\d{9,10}|\d{13}")


def parse_published(text: str, zone: tzinfo) -> date | datetime:
    """Return the moment of publication that `text` gives, the day alone where it gives no time.

    Takes ISO 8601, RFC 822, Unix time, and what newspapers print: "Jumat, 22 Mei 2026 17:51 WIB", "28/7/2023" (day first,
    always), also behind a label such as "Diterbitkan: ". Times without a zone are of `zone`. Raises ValueError for anything
    else, two-digit years included except those of RFC 822, which are 1950 to 2049.
    """
    line = " ".join(text.translate(_SIGNS).split()).strip(" -,|.")
    line = _SHORT_YEAR.sub(lambda year: f"{'19' if year[1] >= '50' else '20'}{year[1]}", line)
    if _UNIX.fullmatch(line):
        return datetime.fromtimestamp(int(line) / (1000 if len(line) == 13 else 1), zone)
    compact = _COMPACT.fullmatch(line)
    try:
        if compact:
            return _from_compact(compact, zone)
        moment = _TIME.search(line)
        day_text = line[: moment.start()] if moment else line
        day = _day_behind_label(_WEEKDAY.sub("", day_text).strip(" ,|()T-/"))
        return day if moment is None else datetime.combine(day, *_clock(moment, zone))
    except ValueError as error:
        raise ValueError(_("'%(text)s' is no date that can be read; an example: 2023-07-28", text=text[:60])) from error


def day_of(published: date | datetime, zone: tzinfo) -> date:
    """Return the calendar day in `zone` on which something was published."""
    return _moved(published, zone).date() if isinstance(published, datetime) else published


def instant_of(published: date | datetime, zone: tzinfo) -> datetime:
    """Return the moment of publication in UTC; a day without a time is its first moment in `zone`."""
    if not isinstance(published, datetime):
        published = datetime.combine(published, time.min, zone)
    return _moved(published, UTC)


def _moved(published: datetime, zone: tzinfo) -> datetime:
    """Return a moment in another zone; at the ends of the calendar, which importers take for no dates, the same clock there."""
    try:
        return published.astimezone(zone)
    except OverflowError:
        return published.replace(tzinfo=zone)


def iso(published: date | datetime) -> str:
    """Return a date as files hold it: "2023-07-28", or "2023-07-28T10:30:00+07:00"."""
    return published.isoformat()


def from_iso(text: str) -> date | datetime:
    """Return the date that `iso` wrote."""
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def month_number(name: str) -> int:
    """Return 1 to 12 for a month's name in Indonesian, old or new spelling, or English; raise ValueError for another word."""
    number = MONTHS.get(name.casefold().rstrip("."))
    if number is None:
        raise ValueError(name)
    return number


def checked_day(year: int, month: int, day: int) -> date:
    """Return a day of an archive's years; raise ValueError for one that is not in the calendar or out of all reason."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(year)
    return date(year, month, day)


def _day_behind_label(text: str) -> date:
    try:
        return _day_in(text)
    except ValueError:
        return _day_in(_LABEL.sub("", text))


def _day_in(text: str) -> date:
    for pattern, order in ((_ISO_DAY, (1, 2, 3)), (_DAY_FIRST, (3, 2, 1))):
        match = pattern.fullmatch(text)
        if match:
            return checked_day(*(int(match[group]) for group in order))
    match = _DAY_NAME.fullmatch(text)
    if match:
        return checked_day(int(match[3]), month_number(match[2]), int(match[1]))
    match = _NAME_DAY.fullmatch(text)
    if match:
        return checked_day(int(match[3]), month_number(match[1]), int(match[2]))
    raise ValueError(text)


def _clock(match: re.Match[str], zone: tzinfo) -> tuple[time, tzinfo]:
    hour, minute, second, fraction, half, zone_text = match.groups()
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            raise ValueError(hour)
        hours = hours % 12 + (12 if half.casefold() == "pm" else 0)
    microsecond = int((fraction or "0").ljust(6, "0"))
    return time(hours, int(minute), int(second or 0), microsecond), _zone_in(zone_text, zone)


def _zone_in(text: str | None, zone: tzinfo) -> tzinfo:
    if not text:
        return zone
    named = _ZONES.get(text.casefold())
    if named:
        return named
    sign, digits = ("-" if "-" in text else "+"), "".join(filter(str.isdigit, text))
    digits = digits.zfill(len(digits) + len(digits) % 2)
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4] or 0), seconds=int(digits[4:] or 0))
    if offset >= timedelta(days=1):
        raise ValueError(text)
    return timezone(-offset if sign == "-" else offset)


def _from_compact(match: re.Match[str], zone: tzinfo) -> date | datetime:
    year, month, day, hour, minute, second, zone_text = match.groups()
    found = checked_day(int(year), int(month), int(day))
    if hour is None:
        return found
    return datetime.combine(found, time(int(hour), int(minute), int(second or 0)), _zone_in(zone_text, zone))
