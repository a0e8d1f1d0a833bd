"""Every field of the index, its name, and how an article becomes a document.

Title and body are indexed twice, by surface form and by stem, on the same positions. Names (authors, sections, sources,
people, topics, tags) are indexed by surface form, a `PARAGRAPH_GAP` between two values, and kept whole in columns, from which
facets are counted and limits are checked. Articles are displayed from the store: the index holds no text.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, tzinfo

from whoosh import columns, fields, formats

from index.analysis import ANALYZER, ANALYZER_VERSION, Analyzer, fold_value
from index.article import Article, Status
from index.dates import day_of, instant_of

SCHEMA_VERSION = f"2.{ANALYZER_VERSION}"  # the first number rises with any change in this module

ID = "id"
TITLE, BODY = "title", "body"
TITLE_STEM, BODY_STEM = "title_stem", "body_stem"
AUTHOR, SECTION, SOURCE, PERSON, TOPIC, TAG = "author", "section", "source", "person", "topic", "tag"
NAME_FIELDS = (AUTHOR, SECTION, SOURCE, PERSON, TOPIC, TAG)
VALUES_SUFFIX = "_values"  # the column with a name field's whole values
VALUE_SEPARATOR = "\x1f"
TITLE_LENGTH, BODY_LENGTH = "title_length", "body_length"
DAY, INSTANT, STATUS, LABEL = "day", "instant", "status", "label"

NO_DAY = 0  # ordinals begin at 1
NO_INSTANT = -(2**62)  # before all times
STATUSES = tuple(Status)  # the column holds the place in this tuple


POSITIONS = formats.Positions()


class Positions(fields.FieldType):
    """A field indexed from staged positions: a mapping from token to ascending positions.

    Staging happens before Whoosh sees the document: an error in analysis leaves nothing behind in its writer.
    """

    def __init__(self) -> None:
        self.format = POSITIONS
        self.analyzer = None
        self.scorable = True
        self.stored = False
        self.unique = False
        self.vector = None
        self.column_type = None
        self.spelling = False

    def index(
        self, value: Mapping[str, Sequence[int]], **_options: object
    ) -> Generator[tuple[bytes, int, float | int, bytes], None, None]:
        """Yield Whoosh's (token, frequency, weight, encoded positions) of every token."""
        for token, positions in value.items():
            yield token.encode(), len(positions), float(len(positions)), POSITIONS.encode(positions)


def make_schema() -> fields.Schema:
    """Return the schema of all indexes of this version."""
    number = columns.NumericColumn
    return fields.Schema(
        **{ID: fields.ID(stored=True, unique=True)},
        **{name: Positions() for name in (TITLE, BODY, TITLE_STEM, BODY_STEM, *NAME_FIELDS)},
        **{name + VALUES_SUFFIX: fields.COLUMN(columns.VarBytesColumn()) for name in NAME_FIELDS},
        **{TITLE_LENGTH: fields.COLUMN(number("i")), BODY_LENGTH: fields.COLUMN(number("i"))},
        **{DAY: fields.COLUMN(number("i", default=NO_DAY)), INSTANT: fields.COLUMN(number("q", default=NO_INSTANT))},
        **{STATUS: fields.COLUMN(number("B")), LABEL: fields.COLUMN(columns.VarBytesColumn())},
    )


SCHEMA = make_schema()

Document = dict[str, str | int | bytes | Mapping[str, Sequence[int]]]


@dataclass(frozen=True, slots=True)
class Indexable:
    """What of an article readers may search: a withdrawn article's text is neither indexed nor shown."""

    title: str
    body: str

    @classmethod
    def of(cls, article: Article) -> "Indexable":
        """Return the searchable text of `article`."""
        return cls(article.title, "" if article.status is Status.WITHDRAWN else article.body)


def names_of(article: Article) -> dict[str, tuple[str, ...]]:
    """Return the values of each name field."""
    return {
        AUTHOR: article.authors,
        SECTION: (article.section,) if article.section else (),
        SOURCE: (article.source,) if article.source else (),
        PERSON: article.people,
        TOPIC: article.topics,
        TAG: article.tags,
    }


def day_ordinal(article_date: date | None, zone: tzinfo) -> int:
    """Return the number of the day of publication in the archive's zone (1 is 1 January of year 1), `NO_DAY` for none."""
    return NO_DAY if article_date is None else day_of(article_date, zone).toordinal()


def fields_from(article: Article, zone: tzinfo, analyzer: Analyzer = ANALYZER) -> Document:
    """Return the Whoosh document of an article, staged completely; `zone` says which day it belongs to."""
    text = Indexable.of(article)
    title, body = analyzer.postings(text.title), analyzer.postings(text.body)
    instant = NO_INSTANT if article.date is None else int(instant_of(article.date, zone).astimezone(UTC).timestamp())
    document: Document = {
        ID: article.id,
        TITLE: title.surfaces,
        BODY: body.surfaces,
        TITLE_STEM: title.stems,
        BODY_STEM: body.stems,
        TITLE_LENGTH: title.length,
        BODY_LENGTH: body.length,
        DAY: day_ordinal(article.date, zone),
        INSTANT: instant,
        STATUS: STATUSES.index(article.status),
        LABEL: article.id.encode(),
    }
    for name, values in names_of(article).items():
        document[name] = analyzer.postings("\n".join(values)).surfaces
        document[name + VALUES_SUFFIX] = VALUE_SEPARATOR.join(_each_once(values)).encode()
    return document


def _each_once(values: Sequence[str]) -> list[str]:
    """Return the values without those that differ from an earlier one in case or accents alone: they are counted once."""
    spellings: dict[str, str] = {}
    for value in values:
        spellings.setdefault(fold_value(value), value)
    return list(spellings.values())
