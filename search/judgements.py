"""Queries with judgements, and runs of other systems, from the files in which retrieval research keeps them.

Queries are JSON Lines, with or without judgements, or a TSV file or TREC topics with judgements in a qrels file. A figure
over a part of the queries would pass for one over all, so a wrong line is not left out: nothing is read then.
"""

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from html import unescape
from pathlib import Path
from typing import NamedTuple

from index.article import JSON, Reject
from index.errors import ArchiveError, FileRefused, system_reason
from index.importers import SourceFile
from index.importers.json_lines import read_json_values
from index.importing import reject_line
from index.messages import gettext as _
from search.query import Query, QueryError

MAX_GRADE = 100
REJECTS_SHOWN = 20
TEXT_NAMES = ("query", "question", "text", "q")  # of the member that holds a query in JSON

_TOPIC = re.compile(r"<top>(.*?)(?=</top>|<top>|\Z)", re.DOTALL | re.IGNORECASE)
_NUMBER = re.compile(r"<num>\s*(?:Number:)?\s*([^\s<]+)", re.IGNORECASE)
_TITLE = re.compile(r"<title>\s*(?:Topic:)?([^<]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """One query: `grades` says of each article id how relevant it is, 0 or less for not."""

    id: str
    text: str
    grades: Mapping[str, int] = field(default_factory=dict)

    def relevant(self) -> list[str]:
        """Return the ids of the articles judged relevant."""
        return [article_id for article_id, grade in self.grades.items() if grade > 0]


@dataclass(frozen=True, slots=True)
class JudgedQueries:
    """The queries that something is judged relevant for.

    `unjudged` counts the queries left out because nothing is, `unasked` those that only the qrels file knows.
    """

    queries: tuple[JudgedQuery, ...]
    unjudged: int
    unasked: int


@dataclass(frozen=True, slots=True)
class Run:
    """What another system found: for each query id article ids, best first."""

    name: str
    hits: Mapping[str, Sequence[str]]


class JudgementsWrong(ArchiveError):
    """Files of queries, judgements or runs hold what cannot be used; `rejects` says where and why."""

    def __init__(self, rejects: Sequence[Reject]) -> None:
        lines = [
            _("Nothing was measured, for lines are wrong (%(count)d); correct them and try again:", count=len(rejects))
        ]
        lines += map(reject_line, rejects[:REJECTS_SHOWN])
        if len(rejects) > REJECTS_SHOWN:
            lines.append(_("... and more of them: %(count)d", count=len(rejects) - REJECTS_SHOWN))
        super().__init__("\n".join(lines))
        self.rejects = tuple(rejects)


class NothingJudged(ArchiveError):
    """No query has an article judged relevant, so that there is nothing to measure."""

    def __init__(self, paths: Sequence[Path]) -> None:
        names = ", ".join(map(str, paths))
        super().__init__(
            _(
                '%(files)s: no query has an article judged relevant; name them in "relevant" of each query, or in a qrels '
                "file (--qrels) under the same query ids",
                files=names,
            )
        )
        self.paths = tuple(paths)


class IdNotWritable(ArchiveError):
    """An id that would fall apart in a run file, whose columns end at white space."""

    def __init__(self, name: str) -> None:
        super().__init__(_("the id «%(id)s» holds white space, which no run file can hold", id=name))
        self.id = name


def read_queries(paths: Sequence[Path], qrels: Path | None = None) -> JudgedQueries:
    """Return the queries of files, with what they and the qrels file judge; a query without an id is known by its number.

    Raises JudgementsWrong for wrong lines, NothingJudged, and FileRefused for a file that cannot be read at all.
    """
    rejects: list[Reject] = []
    asked: dict[str, JudgedQuery] = {}
    for path in paths:
        for place, found in _queries_in(path):
            query_id = found.id if isinstance(found, JudgedQuery) and found.id else str(len(asked) + 1)
            if not isinstance(found, JudgedQuery):
                rejects.append(Reject(path, place, found))
            elif query_id in asked:
                reason = _("a query before has the id %(id)s; give each its own", id=query_id)
                rejects.append(Reject(path, place, reason))
            else:
                asked[query_id] = replace(found, id=query_id)
    judged = {} if qrels is None else _read_qrels(qrels, rejects)
    if rejects:
        raise JudgementsWrong(rejects)
    queries = [replace(q, grades={**q.grades, **judged.get(q.id, {})}) for q in asked.values()]
    measurable = tuple(query for query in queries if query.relevant())
    if not measurable:
        raise NothingJudged(paths)
    return JudgedQueries(measurable, len(queries) - len(measurable), len(judged.keys() - asked.keys()))


def read_run(path: Path) -> Run:
    """Return a run in TREC's format, named by its tag; order is by score, of equal ones the higher id first, as in trec_eval.

    Raises JudgementsWrong for wrong lines, FileRefused for a file that cannot be read at all.
    """
    rejects: list[Reject] = []
    scored: defaultdict[str, dict[str, float]] = defaultdict(dict)
    tags: Counter[str] = Counter()
    for place, cells in _rows(path, _("query id, Q0, article id, rank, score, tag"), 6, rejects):
        query_id, _q0, article_id, _rank, score, tag = cells
        if article_id in scored[query_id]:
            rejects.append(
                Reject(path, place, _("%(id)s stands twice for this query; leave one of the two", id=article_id))
            )
        elif (number := _score(score)) is None:
            rejects.append(Reject(path, place, _("'%(text)s' is no score; write a number", text=score)))
        else:
            scored[query_id][article_id] = number
            tags[tag] += 1
    if rejects:
        raise JudgementsWrong(rejects)
    best_first = {
        query_id: sorted(scores, key=lambda article_id: (scores[article_id], article_id), reverse=True)
        for query_id, scores in scored.items()
    }
    return Run(tags.most_common(1)[0][0] if tags else path.stem, best_first)


def run_lines(tag: str, rankings: Iterable[tuple[str, Sequence[str]]]) -> Iterator[str]:
    """Yield the lines of a run file for query ids and what was found, best first; raise IdNotWritable.

    Scores are written to fall by one from hit to hit: equal ones would let other programs choose another order.
    """
    for query_id, hits in rankings:
        for rank, article_id in enumerate(hits, start=1):
            for name in (query_id, article_id):
                if name.split() != [name]:
                    raise IdNotWritable(name)
            yield f"{query_id} Q0 {article_id} {rank} {len(hits) - rank + 1} {tag}\n"


class _Found(NamedTuple):
    """What a line holds: a query, or the reason why it holds none. An id not given is empty."""

    place: str
    content: JudgedQuery | str


def _queries_in(path: Path) -> Iterator[_Found]:
    text = _text_of(path)
    match text.lstrip()[:1]:
        case "{" | "[":
            yield from _json_queries(path)
        case "<":
            yield from _topics(path, text)
        case _:
            yield from _table_queries(text)


def _json_queries(path: Path) -> Iterator[_Found]:
    for number, value in read_json_values(SourceFile(path, path, UTC)):
        place = _line(number)
        if isinstance(value, Reject):
            yield _Found(place, value.reason)
            continue
        try:
            yield _Found(place, _query_from(value))
        except ValueError as error:
            yield _Found(place, str(error))


def _query_from(value: JSON) -> JudgedQuery:
    """Return the query that a JSON object makes; raise ValueError with the reason where it makes none."""
    if not isinstance(value, dict):
        raise ValueError(_("not a JSON object"))
    text = next((value[name] for name in TEXT_NAMES if name in value), None)
    if not isinstance(text, str):
        raise ValueError(_('no query; write it as "query"'))
    query_id = value.get("id")
    return _query("" if query_id is None else _id_from(query_id), text, _grades_from(value.get("relevant")))


def _grades_from(value: JSON) -> dict[str, int]:
    match value:
        case None:
            return {}
        case dict():
            return {_id_from(article_id): _grade(grade) for article_id, grade in value.items()}
        case list():
            return {_id_from(article_id): 1 for article_id in value}
    return {_id_from(value): 1}


def _id_from(value: JSON) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
        raise ValueError(_("%(value)s is no id; write a text", value=_shown(value)))
    return str(value).strip()


def _grade(value: JSON) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value > MAX_GRADE:
        raise ValueError(_("%(value)s is no grade; write a whole number, 0 for not relevant", value=_shown(value)))
    return value


def _shown(value: JSON) -> str:
    return json.dumps(value, ensure_ascii=False)


def _query(query_id: str, text: str, grades: Mapping[str, int]) -> JudgedQuery:
    words = " ".join(text.split())
    if not words:
        raise ValueError(_("the query is empty"))
    try:
        Query(words)
    except QueryError as error:
        raise ValueError(str(error)) from error
    return JudgedQuery(query_id, words, grades)


def _topics(path: Path, text: str) -> Iterator[_Found]:
    blocks = list(_TOPIC.finditer(text))
    if not blocks:
        raise FileRefused(path, _("it holds no TREC topic (<top>)"))
    for block in blocks:
        place = _line(text.count("\n", 0, block.start()) + 1)
        number, title = _NUMBER.search(block[1]), _TITLE.search(block[1])
        if number is None or title is None:
            yield _Found(place, _("a topic without <num> or <title>"))
        else:
            yield _checked(place, number[1], unescape(title[1]))


def _table_queries(text: str) -> Iterator[_Found]:
    for number, line in _numbered(text):
        query_id, tab, words = line.partition("\t")
        if tab and query_id.strip():
            yield _checked(_line(number), query_id.strip(), words)
        else:
            yield _Found(_line(number), _("not a query id, a tab and a query"))


def _checked(place: str, query_id: str, text: str) -> _Found:
    try:
        return _Found(place, _query(query_id, text, {}))
    except ValueError as error:
        return _Found(place, str(error))


def _read_qrels(path: Path, rejects: list[Reject]) -> dict[str, dict[str, int]]:
    judged: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for place, (query_id, _iteration, article_id, written) in _rows(
        path, _("query id, 0, article id, grade"), 4, rejects
    ):
        try:
            grade = _grade(int(written) if re.fullmatch(r"[+-]?\d{1,9}", written) else written)
        except ValueError as error:
            rejects.append(Reject(path, place, str(error)))
            continue
        if judged[query_id].setdefault(article_id, grade) != grade:
            reason = _("%(id)s has another grade before; leave one of the two", id=article_id)
            rejects.append(Reject(path, place, reason))
    return judged


def _score(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _rows(path: Path, columns: str, count: int, rejects: list[Reject]) -> Iterator[tuple[str, list[str]]]:
    """Yield place and cells of each line of a table that white space divides; add a reject for one with other columns."""
    for number, line in _numbered(_text_of(path)):
        cells = line.split()
        if len(cells) == count:
            yield _line(number), cells
        else:
            reason = _(
                "%(found)d columns instead of %(count)d: %(columns)s", found=len(cells), count=count, columns=columns
            )
            rejects.append(Reject(path, _line(number), reason))


def _numbered(text: str) -> Iterator[tuple[int, str]]:
    return ((number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip())


def _line(number: int) -> str:
    return _("line %(number)d", number=number)


def _text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise FileRefused(path, system_reason(error)) from error
    except UnicodeDecodeError as error:
        raise FileRefused(path, _("byte %(place)d is not UTF-8", place=error.start)) from error
