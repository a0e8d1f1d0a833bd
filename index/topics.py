"""Topics: named queries. The shipped ones are the seventeen IPTC Media Topics; those of an archive stand in its `topik.csv`.

An article is in a topic when the topic's query finds it, or when its section is one of the topic's sections. A row of the archive's
file replaces the shipped topic of the same slug; what the file has no column for stays as shipped, and a row without a query
switches the shipped topic off.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.analysis import fold, fold_value
from index.errors import ArchiveError
from index.messages import gettext as _
from index.namekeys import slug_of_words
from index.registers import SEPARATOR, Columns, Register, line_problem, read_register, values_in

COLUMNS = Columns(
    ("slug", "label", "code", "query", "sections"),
    {
        "judul": "label", "nama": "label", "topik": "label", "name": "label", "title": "label", "kode": "code",
        "kueri": "query", "pencarian": "query", "rubrik": "sections", "section": "sections",
    },
)  # fmt: skip
LONGEST_QUERY = 2_000  # characters; as much as a search takes
_SHIPPED = Path(__file__).parent / "language" / "topics.csv"
_WORD = re.compile(r"[^\W_]+")
_IPTC = "medtop:"
_IPTC_ADDRESS = "cv.iptc.org/newscodes/mediatopic/"


class TopicError(ArchiveError):
    """What was asked of the topics cannot be done; the message says why."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A named query, and the sections, folded, whose articles are in the topic whatever the query finds.

    `code` is that of a vocabulary, as in "medtop:15000000".
    """

    slug: str
    label: str
    code: str | None
    query: str
    sections: tuple[str, ...] = ()

    @property
    def cells(self) -> Mapping[str, str]:
        """The topic as a row of the file."""
        return {
            "slug": self.slug,
            "label": self.label,
            "code": self.code or "",
            "query": self.query,
            "sections": SEPARATOR.join(self.sections),
        }


class Topics:
    """The topics in force; `problems` says which rows of the archive's file were left out, and why."""

    def __init__(self, topics: Iterable[Topic] = (), problems: Iterable[str] = ()) -> None:
        self.topics = tuple(topics)
        self.problems = tuple(problems)
        self.by_slug = {topic.slug: topic for topic in self.topics}
        self._names: dict[str, Topic] = {}
        for topic in self.topics:
            for name in (topic.label, _code_key(topic.code or "")):
                self._names.setdefault(fold_value(name), topic)
        self._sections: dict[str, Topic | None] = {}
        for topic in self.topics:
            for section in topic.sections:
                self._sections[section] = None if section in self._sections else topic

    def find(self, text: str) -> Topic | None:
        """Return the topic with this slug, label, code, or section, if no other topic has that section, too.

        Of an IPTC code the number is enough, and its address is known, too.
        """
        key = fold_value(text)
        if not key:
            return None
        return self.by_slug.get(key) or self._names.get(_code_key(key)) or self._sections.get(key)


def read_topics(path: Path) -> Topics:
    """Return the topics in force for an archive whose own ones stand in the file `path`; it may be absent."""
    return topics_from(read_register(path, COLUMNS))


def topics_from(own: Register) -> Topics:
    """Return the topics in force where these are the archive's own; of two rows with one slug the first is followed."""
    shipped = shipped_topics().by_slug
    topics: dict[str, Topic | None] = dict(shipped)
    problems = list(own.problems)
    seen: set[str] = set()
    for line in own.lines:
        try:
            slug = slug_in(line.cells)
            if slug in seen:
                raise TopicError(_('the slug "%(slug)s" is another row\'s already', slug=slug))
            known = shipped.get(slug)
            topics[slug] = None if known and switches_off(line.cells) else topic_from(line.cells, known)
            seen.add(slug)
        except TopicError as error:
            problems.append(line_problem(line.number, str(error)))
    return Topics((topic for topic in topics.values() if topic is not None), problems)


@cache
def shipped_topics() -> Topics:
    """Return the topics that every archive has unless its own file says otherwise."""
    lines = read_register(_SHIPPED, COLUMNS).lines
    return Topics(topic_from(line.cells) for line in lines)


def switches_off(cells: Mapping[str, str]) -> bool:
    """Say whether a row switches the shipped topic of its slug off: its query is empty, not left out."""
    return "query" in cells and not cells["query"].strip()


def topic_from(cells: Mapping[str, str], shipped: Topic | None = None) -> Topic:
    """Return the topic of a row; what the row has no cell for is as `shipped`. Raise TopicError for a row that is no topic."""
    slug = slug_in(cells)
    known = {**(shipped.cells if shipped else {}), **cells}
    if not known.get("query", "").strip():
        raise TopicError(_("a topic needs a query; that of a section is rubrik:NAME"))
    if len(known["query"]) > LONGEST_QUERY:
        raise TopicError(_("the query is longer than %(most)d characters", most=LONGEST_QUERY))
    label = known.get("label", "").strip() or (shipped.label if shipped else "")
    if not label:
        raise TopicError(_("a topic needs a label"))
    return Topic(
        slug=slug,
        label=label,
        code=known.get("code", "").strip() or None,
        query=known["query"].strip(),
        sections=tuple(dict.fromkeys(map(fold_value, values_in(known.get("sections", ""))))),
    )


def topic_slug(text: str) -> str:
    """Return a topic's name as a part of an address; "" where it has no letter or digit.

    >>> topic_slug("Haji & Umrah"), topic_slug("Seni, budaya, dan media")
    ('haji-umrah', 'seni-budaya-dan-media')
    """
    return slug_of_words(_WORD.findall(fold(text)))


def slug_in(cells: Mapping[str, str]) -> str:
    """Return the slug of a row, that of its label where it gives none; raise TopicError where neither makes one."""
    written = cells.get("slug", "").strip()
    slug = topic_slug(written or cells.get("label", ""))
    if not slug:
        raise TopicError(_("a topic needs a slug or a label"))
    if written and written != slug:
        raise TopicError(_('the slug "%(slug)s" is none; write "%(wanted)s"', slug=written, wanted=slug))
    return slug


def _code_key(code: str) -> str:
    """Return what the ways to write a code have in common.

    >>> _code_key("medtop:15000000") == _code_key("http://cv.iptc.org/newscodes/mediatopic/15000000") == "15000000"
    True
    """
    return code.rpartition(_IPTC_ADDRESS)[2].removeprefix(_IPTC).strip()
