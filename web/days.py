"""Days as they are typed: in the addresses of searches, and after the options of commands. Nothing here needs Flask."""

import re
from datetime import date

from index.messages import gettext as _
from search.query import QueryError
from web.formatting import month_end

QUOTED = 60  # characters of a wrong value that its error repeats

_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_DECEMBER = 12


def day_from(text: str, *, last: bool, parameter: str) -> date:
    """Return the day that "2023-07-28" names; "2023-07" and "2023" mean their first day, or their last with `last`.

    Raises QueryError, which names `parameter`, for anything else.
    """
    match = _DAY.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError(text)
        year, month, day = (int(part) if part else None for part in match.groups())
        return _day_of_parts(year or 0, month, day, last=last)
    except ValueError as error:
        reason = _("'%(text)s' is no date; write 2023-07-28, 2023-07 or 2023", text=text.strip()[:QUOTED])
        raise QueryError(parameter, "not_a_date", reason) from error


def short_day(day: date, *, last: bool) -> str:
    """Return the shortest text of which `day_from` makes this day: a whole year or month without its days."""
    text = day.isoformat()
    for shorter in (text[:4], text[:7]):
        if day_from(shorter, last=last, parameter="") == day:
            return shorter
    return text


def _day_of_parts(year: int, month: int | None, day: int | None, *, last: bool) -> date:
    if month is None:
        month = _DECEMBER if last else 1
    if day is None:
        first = date(year, month, 1)
        return month_end(first) if last else first
    return date(year, month, day)
