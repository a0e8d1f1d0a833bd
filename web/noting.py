"""Searches of readers that found nothing are noted for the archivist, when the answer has been sent."""

from functools import partial

from flask import Response, after_this_request, request

from index.misses import Misses
from search.archive import Archive
from search.missed import missed_text
from search.results import SearchPage


def note_miss(archive: Archive, page: SearchPage) -> None:
    """Note a search that missed, unless the archive's settings forbid it; the reader has the answer before."""
    text = missed_text(page) if archive.settings.misses else None
    if text is not None and request.method == "GET":
        note = partial(Misses(archive.folder).note, text, archive.today())
        after_this_request(partial(_with_note, note=note))


def _with_note(response: Response, *, note: partial[None]) -> Response:
    response.call_on_close(note)
    return response
