"""The archive's own topics, `topik.csv` in its folder: written by command and merged with other tables; nothing is lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.messages import gettext as _
from index.registers import (
    Line,
    Register,
    RegisterUnusable,
    line_problem,
    one_line,
    read_records,
    read_register,
    write_register,
)
from index.topics import COLUMNS, Topic, TopicError, shipped_topics, slug_in, switches_off, topic_from, topics_from


class TopicsFile:
    """The archive's own topics, a file that is read and written anew as a whole; whoever changes it holds the archive's lock.

    A change raises RegisterUnusable where the file has rows that writing it would lose.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Register:
        """Return the rows of the file, none where there is no file."""
        return read_register(self._path, COLUMNS)

    def put(self, slug: str, cells: Mapping[str, str]) -> Topic:
        """Write what `cells` say into the row of a topic, a new one as shipped where there is none; return the topic.

        Raises TopicError where the row would be no topic.
        """
        own = self._writable()
        shipped = shipped_topics().by_slug.get(slug)
        before = _rows(own).get(slug) or (shipped.cells if shipped else {})
        after = {**before, **{name: one_line(cell) for name, cell in cells.items()}, "slug": slug}
        topic = topic_from(after)
        self._write(_with_rows(own, {slug: after}))
        return topic

    def remove(self, slug: str) -> None:
        """Take a topic away: the archive's own is deleted, a shipped one switched off. Raise TopicError where there is none."""
        own = self._writable()
        topic = topics_from(own).by_slug.get(slug)
        if topic is None:
            raise no_topic(slug)
        if slug in shipped_topics().by_slug:
            self._write(_with_rows(own, {slug: {**topic.cells, **_rows(own).get(slug, {}), "query": ""}}))
        else:
            self._write(_without_row(own, slug))

    def restore(self, slug: str) -> Topic:
        """Put a shipped topic in force as it was shipped, and return it; raise TopicError where the file does not change it."""
        own = self._writable()
        shipped = shipped_topics().by_slug.get(slug)
        if shipped is None:
            raise TopicError(_('no topic "%(slug)s" is shipped', slug=slug))
        if slug not in _rows(own):
            raise TopicError(_('the topic "%(slug)s" is as it was shipped', slug=slug))
        self._write(_without_row(own, slug))
        return shipped

    def merge(self, source: Path) -> "MergedTopics":
        """Merge the topics of another file, a table or JSON, into this one, row by row.

        What a row says replaces what is said so far; what it leaves out or empty stays. Rows that are no topics are told in
        `problems`. Raises FileRefused where the source cannot be read.
        """
        own = self._writable()
        rows, written = _rows(own), {}
        given = read_records(source, COLUMNS)
        merged = MergedTopics(problems=list(given.problems))
        for line in given.lines:
            try:
                slug = slug_in(line.cells)
                before = rows.get(slug, {})
                told = _filled(line.cells) if before else line.cells
                after = {**before, **told, "slug": slug}
                shipped = shipped_topics().by_slug.get(slug)
                topic = None if shipped and switches_off(after) else topic_from(after, shipped)
            except TopicError as error:
                merged.problems.append(line_problem(line.number, str(error)))
                continue
            says_more = any(cell for name, cell in told.items() if name not in COLUMNS.names)
            if after == before or (not before and topic == shipped and not says_more):
                merged.unchanged.append(slug)
                continue
            (merged.changed if before or shipped else merged.new).append(slug)
            rows[slug] = written[slug] = after
        if written:
            self._write(_with_rows(own, written))
        return merged

    def _writable(self) -> Register:
        own = self.read()
        if own.problems:
            raise RegisterUnusable(self._path, own.problems)
        return own

    def _write(self, register: Register) -> None:
        write_register(self._path, register, COLUMNS)


@dataclass(frozen=True, slots=True)
class MergedTopics:
    """What became of the rows of a file that was merged: slugs, and why rows were left out."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def topics_table(own: Register) -> Register:
    """Return all topics as a table, with the archive's own columns; a shipped topic that is switched off has no query."""
    rows = _rows(own)
    in_force = topics_from(own)
    told = [{**topic.cells, **_filled(rows.get(topic.slug, {}))} for topic in in_force.topics]
    told += [{**topic.cells, "query": ""} for topic in shipped_topics().topics if topic.slug not in in_force.by_slug]
    return Register(COLUMNS.names, tuple(Line(0, cells) for cells in told))


def no_topic(slug: str) -> TopicError:
    """Return the error for a topic that there is not."""
    return TopicError(_('there is no topic "%(slug)s"; telisik topics list shows them', slug=slug))


def _rows(register: Register) -> dict[str, Mapping[str, str]]:
    """Return the cells of the row that is followed for each slug."""
    rows: dict[str, Mapping[str, str]] = {}
    for line in register.lines:
        slug = _slug_or_none(line)
        if slug:
            rows.setdefault(slug, {**line.cells, "slug": slug})
    return rows


def _with_rows(register: Register, rows: Mapping[str, Mapping[str, str]]) -> Register:
    """Return the table with other cells in the rows of these slugs, at its end those that it has not."""
    left = dict(rows)
    lines = [
        Line(line.number, left.pop(slug)) if (slug := _slug_or_none(line)) in left else line for line in register.lines
    ]
    return replace(register, lines=(*lines, *(Line(0, cells) for cells in left.values())))


def _without_row(register: Register, slug: str) -> Register:
    return replace(register, lines=tuple(line for line in register.lines if _slug_or_none(line) != slug))


def _filled(cells: Mapping[str, str]) -> Mapping[str, str]:
    return {name: cell for name, cell in cells.items() if cell.strip()}


def _slug_or_none(line: Line) -> str | None:
    try:
        return slug_in(line.cells)
    except TopicError:
        return None
