"""The sample articles that come with Telisik: enough, varied, made up, and all importable."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from conftest import ArchiveMaker

from index.analysis import ANALYZER
from index.article import Article, CorrectionKind, Status
from index.dates import instant_of
from index.importers.formats import files_in, records_in
from search.query import Query

ZONE = ZoneInfo("Asia/Jakarta")
SHORTEST, LONGEST = 120, 400  # words
COPIED = 12  # words in a row that stand in a real article too are no accident


@pytest.fixture(scope="module")
def samples() -> list[Article]:
    with as_file(files("index") / "samples") as folder:
        records = [record for path in files_in(folder) for record in records_in(path, ZONE, root=folder)]
    rejected = [record for record in records if not isinstance(record, Article)]
    assert rejected == []
    return [record for record in records if isinstance(record, Article)]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[place : place + length]) for place in range(len(found) - length + 1)}


def test_there_are_many_and_each_has_an_id_and_a_headline_of_its_own(samples: list[Article]) -> None:
    assert len(samples) >= 60
    assert len({article.id for article in samples}) == len(samples)
    assert len({article.title for article in samples}) == len(samples)
    assert len({article.url for article in samples if article.url}) == sum(
        article.url is not None for article in samples
    )


def test_each_has_the_length_of_an_article_in_paragraphs(samples: list[Article]) -> None:
    assert {a.id: len(a.body.split()) for a in samples if not SHORTEST <= len(a.body.split()) <= LONGEST} == {}
    assert [a.id for a in samples if len(a.paragraphs()) < 3] == []


def test_they_are_of_several_sections_sources_authors_and_decades(samples: list[Article]) -> None:
    sections = Counter(article.section for article in samples)
    assert sum(count >= 3 for count in sections.values()) >= 6
    assert len({article.source for article in samples}) >= 3
    assert len({author for article in samples for author in article.authors}) >= 15
    years = {article.date.year for article in samples if article.date}
    assert len(years) >= 20
    assert len({year // 10 for year in years}) >= 5
    assert any(article.date is None for article in samples)
    assert len({person for article in samples for person in article.people}) >= 20
    assert len({topic for article in samples for topic in article.topics}) >= 5


def test_press_law_is_in_them(samples: list[Article]) -> None:
    assert {article.status for article in samples} == set(Status)
    assert {c.kind for article in samples for c in article.corrections} == set(CorrectionKind)
    for article in samples:
        assert bool(article.corrections) == (article.status in (Status.CORRECTED, Status.WITHDRAWN)), article.id
    (embargoed,) = [article for article in samples if article.status is Status.EMBARGOED]
    assert embargoed.date is not None
    assert instant_of(embargoed.date, ZONE) > datetime.now(UTC)


def test_two_papers_carry_nearly_the_same_report(samples: list[Article]) -> None:
    pairs = [
        (one, other)
        for place, one in enumerate(samples)
        for other in samples[:place]
        if len(runs(one.body, 3) & runs(other.body, 3)) > 0.6 * len(runs(one.body, 3) | runs(other.body, 3))
    ]
    assert len(pairs) == 1
    assert pairs[0][0].source != pairs[0][1].source


def test_who_is_named_as_a_person_stands_in_the_article(samples: list[Article]) -> None:
    for article in samples:
        told = set(words(" ".join((article.title, article.body, *article.authors))))  # some write of themselves
        assert [person for person in article.people if not told & set(words(person))] == [], article.id


def test_their_addresses_lead_nowhere(samples: list[Article]) -> None:
    """RFC 2606 keeps .example for documentation."""
    links = [article.url for article in samples] + [c.link for article in samples for c in article.corrections]
    assert {(urlsplit(link).hostname or "").rsplit(".", 1)[-1] for link in links if link} == {"example"}


def test_they_are_found(archive_with: ArchiveMaker, samples: list[Article]) -> None:
    archive = archive_with(*samples)
    hidden = sum(article.status is Status.EMBARGOED for article in samples)
    assert archive.search(Query()).total == len(samples) - hidden
    for article in samples:
        rarest = max(ANALYZER.words(article.title), key=lambda token: len(token.surface)).surface
        found = {hit.article_id for hit in archive.search(Query(f"judul:={rarest}", size=100)).hits}
        assert (article.id in found) == (article.status is not Status.EMBARGOED), article.id


def test_none_is_copied_from_real_articles(data: Path, samples: list[Article]) -> None:
    ours = {run: article.id for article in samples for run in runs(article.body, COPIED)}
    found = {ours[run] for text in real_texts(data) for run in runs(text, COPIED) & ours.keys()}
    assert found == set()


def real_texts(data: Path) -> Iterator[str]:
    for path in sorted((data / "news").glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            yield from (json.loads(line).get("body") or "" for line in lines)
