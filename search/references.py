"""One article as a reference: names of authors in parts, CSL-JSON, and a line in the style of the APA.

Authors stand in reference lists under the last word of their name, as Indonesian lists have it, too; a single name, a name with
bin or binti, and a newsroom or an agency stand as they are.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date

from index.article import JSON, Article, CorrectionKind, Status
from index.messages import gettext as _
from index.messages import language
from index.titles import PARTICLES, bare_name

CSL_TYPE = "article-newspaper"  # https://docs.citationstyles.org/en/stable/specification.html#appendix-iii-types
MOST_WORDS = 5  # of a person's name
_INITIALS = 3  # letters that stand for so many names: BJ
DAY_PATTERNS = {"id": "yyyy, d MMMM", "en": "yyyy, MMMM d"}

_PATRONYMICS = frozenset("bin binti ibn ibnu".split())
_GROUP_WORDS = frozenset(
    """and antara biro dan dewan editor humas kantor kontributor koresponden lembaga litbang news newsroom penulis pusat redaksi
    redaktur reporter tim wartawan yayasan""".split()
)
_NO_PERSON = re.compile(r"[\d@/&|]|\w\.(?:com|co|id|net|org)\b")
_ACRONYM = re.compile(r"\b[A-Z]{3,}\b")
_ANOTHER = re.compile(r",(?:(?! [-–—] ).)*[a-z]{4}")  # behind a comma no degree, but a second name
_PARTING = re.compile(r"\s*[,;]\s*")
_ENDED = (".", "?", "!", "…")


@dataclass(frozen=True, slots=True)
class AuthorName:
    """An author as reference lists have it: `family` is the part it is sorted by; without `given` it is the whole name."""

    family: str
    given: str = ""


def author_name(author: str) -> AuthorName:
    """Return an author's name in parts, without honorifics and degrees.

    >>> author_name("Ratna Dewi, S.Sos.")
    AuthorName(family='Dewi', given='Ratna')
    >>> author_name("Siti Aminah binti Salim").family, author_name("Tim Redaksi").family, author_name("Joko van der Berg").family
    ('Siti Aminah binti Salim', 'Tim Redaksi', 'van der Berg')
    """
    name = bare_name(author)
    words = name.split()
    if not is_person(author):
        return AuthorName(author)
    folded = [word.casefold() for word in words]
    if len(words) == 1 or (words[-1].isupper() and len(words[-1]) < _INITIALS) or not _PATRONYMICS.isdisjoint(folded):
        return AuthorName(name)
    begin = len(words) - 1
    while begin > 1 and words[begin - 1] in PARTICLES:
        begin -= 1
    return AuthorName(" ".join(words[begin:]), " ".join(words[:begin]))


def is_person(author: str) -> bool:
    """Say whether an author is one person, and no newsroom, agency or site."""
    return (
        1 <= len(bare_name(author).split()) <= MOST_WORDS
        and _GROUP_WORDS.isdisjoint(author.casefold().split())
        and not _NO_PERSON.search(author)
        and not _ANOTHER.search(author)
        and (author.isupper() or not _ACRONYM.search(author))
    )


def keywords(article: Article) -> str:
    """Return an article's tags and topics as reference managers take them apart again: at commas, and Zotero at semicolons.

    Those inside of a label are therefore written as dots; there is no escape that all programs know (biblatex, 2.2.1, "separated
    value fields"; https://github.com/JabRef/jabref/issues/5337).
    """
    return ", ".join(_PARTING.sub(" · ", label).strip(" ·") for label in (*article.tags, *article.topics))


def csl_record(article: Article, publisher: str | None = None) -> dict[str, JSON]:
    """Return an article as an item of CSL-JSON (citation style language data, version 1.0.2)."""
    day = article.date
    issued: JSON = None if day is None else {"date-parts": [[day.year, day.month, day.day]]}
    record: dict[str, JSON] = {
        "id": article.id,
        "type": CSL_TYPE,
        "title": article.title,
        "container-title": article.source,
        "publisher": publisher,
        "section": article.section,
        "author": [_csl_name(author) for author in article.authors],
        "issued": issued,
        "URL": article.url,
        "language": article.language,
        "abstract": article.summary,
        "keyword": keywords(article),
        "note": "; ".join(press_law_notes(article)),
    }
    return {name: value for name, value in record.items() if value}


def csl_lines(articles: Iterable[Article], *, publisher: str | None = None) -> Iterator[str]:
    """Yield the lines of a list of CSL-JSON items, one a line."""
    begin = "[\n"
    for article in articles:
        yield begin + json.dumps(csl_record(article, publisher), ensure_ascii=False)
        begin = ",\n"
    yield "[]\n" if begin.startswith("[") else "\n]\n"


def _csl_name(author: str) -> Mapping[str, JSON]:
    name = author_name(author)
    return {"family": name.family, "given": name.given} if name.given else {"literal": name.family}


def inverted(author: str) -> str:
    """Return an author's name as reference lists have it: "Dewi, Ratna"."""
    name = author_name(author)
    return f"{name.family}, {name.given}" if name.given else name.family


def press_law_notes(article: Article) -> list[str]:
    """Return what whoever cites an article must know of its standing in press law, in Indonesian as it was announced."""
    names = {
        CorrectionKind.ERRATUM: "Ralat",
        CorrectionKind.CORRECTION: "Koreksi",
        CorrectionKind.REPLY: "Hak jawab",
        CorrectionKind.WITHDRAWAL: "Dicabut",
    }
    notes = [f"{names[c.kind]}: {c.text}" if c.text else names[c.kind] for c in article.corrections]
    if article.status is Status.WITHDRAWN and not any(c.kind is CorrectionKind.WITHDRAWAL for c in article.corrections):
        notes.append(names[CorrectionKind.WITHDRAWAL])
    return notes


@dataclass(frozen=True, slots=True)
class Reference:
    """A line of a list of references in three parts; the one in the middle, the newspaper's name, is set in italics."""

    before: str
    source: str
    after: str

    def __str__(self) -> str:
        """Return the line without its italics."""
        return f"{self.before}{self.source}{self.after}"


def apa_reference(article: Article) -> Reference:
    """Return an article's reference in the style of the APA (Publication Manual, 7th edition, 10.1), in the language in use."""
    told = _("n.d.") if article.date is None else _day_text(article.date)
    withdrawn = f" [{_('Withdrawn')}]" if article.status is Status.WITHDRAWN else ""
    title = _ended(f"{article.title}{withdrawn}")
    authors = _apa_authors([author_name(author) for author in article.authors])
    head = f"{_ended(authors)} ({told}). {title}" if authors else f"{title} ({told})."
    source = article.source or ""
    address = f" {article.url}" if article.url else ""
    return Reference(f"{head} " if source else head, source, f".{address}" if source else address)


def _day_text(day: date | datetime) -> str:
    return format_date(day, DAY_PATTERNS[language()], locale=language())


def _apa_authors(names: Sequence[AuthorName]) -> str:
    told = [f"{name.family}, {_initials(name.given)}" if name.given else name.family for name in names]
    return told[0] if len(told) == 1 else ", & ".join([", ".join(told[:-1]), told[-1]]) if told else ""


def _initials(given: str) -> str:
    """Return the initials of first names: "R. S." of Ratna Sari, "B. J." of BJ, "N.-A." of Nur-Aini."""
    words = [" ".join(word) if word.isupper() and len(word) <= _INITIALS else word for word in given.split()]
    return " ".join("-".join(f"{part[0]}." for part in word.split("-") if part) for word in " ".join(words).split())


def _ended(text: str) -> str:
    return text if text.endswith(_ENDED) else f"{text}."
