"""An article's text with the places that a query matches, each with an address in the page, to go from one to the next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from markupsafe import Markup, escape

from search.results import Highlighted

MATCH_ID = "match-"  # with its number behind it, the id of a place in the page


@dataclass(frozen=True, slots=True)
class Reading:
    """Title and paragraphs as HTML, escaped, with what matches in numbered `<mark>`; `matches` is what stands in each."""

    title: Markup
    paragraphs: tuple[Markup, ...]
    matches: tuple[str, ...]


def reading_of(title: Highlighted, paragraphs: Sequence[Highlighted]) -> Reading:
    """Return an article's text to be read; the places are numbered from 1 in the order of the text."""
    numbers = count(1)
    texts = (title, *paragraphs)
    first, *rest = (_numbered_html(text, numbers) for text in texts)
    return Reading(first, tuple(rest), tuple(part for text in texts for part, matched in text.parts() if matched))


def _numbered_html(text: Highlighted, numbers: Iterator[int]) -> Markup:
    pieces = (
        Markup('<mark id="{}{}">{}</mark>').format(MATCH_ID, next(numbers), part) if matched else escape(part)
        for part, matched in text.parts()
    )
    return Markup("").join(pieces)
