"""Which searches an archivist should learn of, because no article has all that their words ask for."""

from search.results import Entry, SearchPage


def missed_text(page: SearchPage) -> str | None:
    """Return the words of a search that missed, None for one that did not.

    Only words alone count, on the first page: with a limit that nothing meets, the archive may know the words well. Words that name
    a person or a topic have led somewhere. A relaxed result is a miss when no article has all the words.
    """
    query = page.query
    is_limited = query.published_from or query.published_to or query.limits()
    if is_limited or query.page != 1 or page.entry is not None or not query.text.strip():
        return None
    return query.text if _lacks_words(page) else None


def led_to(page: SearchPage) -> Entry | None:
    """Return the person or topic whose page readers are offered in place of articles, of which none has all the words."""
    return page.entry if _lacks_words(page) else None


def _lacks_words(page: SearchPage) -> bool:
    return not page.total or (page.relaxed and not page.complete)
