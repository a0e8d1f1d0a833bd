"""Every field of the index, its name, and how an article becomes a document.

Title and body stand in one field of surface forms and one of stems, on the same positions: the title first, the body a
`PARAGRAPH_GAP` behind it; where the title ends is the document's boundary. Names (authors, sections, sources, places, people,
topics, tags) are indexed by surface form, a `PARAGRAPH_GAP` between two values, and kept whole in columns, from which facets are
counted and limits are checked. Persons are those that the import brought and those that the body names. Articles are displayed
from the store: the index holds no text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from types import MappingProxyType

from whoosh import columns, fields

from index.analysis import ANALYZER_VERSION, fold_value
from index.article import Article, Status, first_words
from index.boilerplate import dateline, masked
from index.columns import NamesColumn
from index.dates import day_of, instant_of
from index.likeness import COLUMNS
from index.postings import POSITIONS
from index.tagging import TAGGER_VERSION

SCHEMA_VERSION = (
    f"7.{ANALYZER_VERSION}.{TAGGER_VERSION}"  # the first number rises with any change in this module or the codec
)

ID = "id"
SURFACE, STEM = "surface", "stem"
AUTHOR, SECTION, SOURCE, PLACE, PERSON, TOPIC, TAG = "author", "section", "source", "place", "person", "topic", "tag"
NAME_FIELDS = (AUTHOR, SECTION, SOURCE, PLACE, PERSON, TOPIC, TAG)
VALUES_SUFFIX = "_values"  # the column with a name field's whole values
TITLE_WIDTH = "title_width"  # positions; the boundary between title and body
TITLE_LENGTH, BODY_LENGTH = "title_length", "body_length"
DAY, INSTANT, STATUS, LABEL = "day", "instant", "status", "label"
LIKENESS = tuple(f"likeness_{n}" for n in range(COLUMNS))  # the signature that versions of one story are known by

NO_DAY = 0  # ordinals begin at 1
NO_INSTANT = -(2**62)  # before all times
STATUSES = tuple(Status)  # the column holds the place in this tuple

# The numeric columns: type code (of the module `struct`) and default.
NUMBERS = MappingProxyType(
    {
        TITLE_WIDTH: ("i", 0),
        TITLE_LENGTH: ("i", 0),
        BODY_LENGTH: ("i", 0),
        DAY: ("i", NO_DAY),
        INSTANT: ("q", NO_INSTANT),
        STATUS: ("B", 0),
        **dict.fromkeys(LIKENESS, ("q", 0)),
    }
)
# The fields with terms, in the order of the dictionary; a field's number in it is its place here.
TERM_FIELDS = tuple(sorted((ID, SURFACE, STEM, *NAME_FIELDS)))


class Positions(fields.FieldType):
    """A field of words and their positions, which the indexer stages itself."""

    def __init__(self) -> None:
        self.format = POSITIONS
        self.analyzer = None
        self.scorable = True
        self.stored = False
        self.unique = False
        self.vector = None
        self.column_type = None
        self.spelling = False


def make_schema() -> fields.Schema:
    """Return the schema of all indexes of this version."""
    return fields.Schema(
        **{ID: fields.ID(unique=True)},
        **{name: Positions() for name in (SURFACE, STEM, *NAME_FIELDS)},
        **{name + VALUES_SUFFIX: fields.COLUMN(NamesColumn()) for name in NAME_FIELDS},
        **{name: fields.COLUMN(columns.NumericColumn(code, default=d)) for name, (code, d) in NUMBERS.items()},
        **{LABEL: fields.COLUMN(columns.VarBytesColumn())},
    )


SCHEMA = make_schema()


@dataclass(frozen=True, slots=True)
class Indexable:
    """What of an article readers may search: a withdrawn article's text is neither indexed nor shown.

    Boilerplate is blanked in the body, whose characters keep their places.
    """

    title: str
    body: str

    @classmethod
    def of(cls, article: Article) -> "Indexable":
        """Return the searchable text of `article`."""
        return cls(article.title, "" if article.status is Status.WITHDRAWN else masked(article.body, article.source))


@dataclass(frozen=True, slots=True)
class Document:
    """What the index takes of one article. `day` and `instant` (Unix seconds) are absent as `NO_DAY` and `NO_INSTANT`."""

    article_id: str
    text: str  # title and body, a paragraph a line
    has_title: bool  # of its own; one made of the body's first words weighs nothing beside them
    names: Sequence[Sequence[str]]  # the values of each of `NAME_FIELDS`
    day: int
    instant: int
    status: int


def names_of(article: Article) -> dict[str, tuple[str, ...]]:
    """Return the values of each name field. Place, and source where the article names none, are those of its dateline.

    A withdrawn article names nobody: what it said is not told any more.
    """
    is_withdrawn = article.status is Status.WITHDRAWN
    found = None if is_withdrawn else dateline(article.body, article.source)
    place, source = (found.place, found.source) if found else (None, None)
    source = article.source or source
    return {
        AUTHOR: article.authors,
        SECTION: (article.section,) if article.section else (),
        SOURCE: (source,) if source else (),
        PLACE: (place,) if place else (),
        PERSON: () if is_withdrawn else article.people,
        TOPIC: () if is_withdrawn else article.topics,
        TAG: () if is_withdrawn else article.tags,
    }


def day_ordinal(article_date: date | None, zone: tzinfo) -> int:
    """Return the number of the day of publication in the archive's zone (1 is 1 January of year 1), `NO_DAY` for none."""
    return NO_DAY if article_date is None else day_of(article_date, zone).toordinal()


def document_from(article: Article, zone: tzinfo) -> Document:
    """Return the document of an article; `zone` says which day it belongs to."""
    text = Indexable.of(article)
    instant = NO_INSTANT if article.date is None else int(instant_of(article.date, zone).astimezone(UTC).timestamp())
    return Document(
        article_id=article.id,
        text=f"{text.title}\n{text.body}",
        has_title=article.title != first_words(article.body),
        names=list(names_of(article).values()),
        day=day_ordinal(article.date, zone),
        instant=instant,
        status=STATUSES.index(article.status),
    )


def each_once(values: Sequence[str]) -> Sequence[str]:
    """Return the values without those that differ from an earlier one in case or accents alone: they are counted once."""
    if len(values) < 2:
        return values
    spellings: dict[str, str] = {}
    for value in values:
        spellings.setdefault(fold_value(value), value)
    return list(spellings.values())
