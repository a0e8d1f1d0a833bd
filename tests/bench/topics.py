"""How the shipped topics agree with sections: precision, recall and F1 of each topic's query alone, on real articles.

    python -m tests.bench.topics --half report

A topic is measured against the articles whose section is one of its sections; an article of a section that no topic has tells
nothing and is left out. The queries were chosen on one half of the articles, "develop", told apart by their ids; what counts
are the figures of the other half, "report". A section is no full truth: newsrooms put crime into politics, and gadgets into health.
"""

import argparse
import hashlib
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from index.analysis import fold_value
from index.importing import import_files
from index.settings import ArchiveFolder
from index.store import ArticleStore
from index.topics import Topic, shipped_topics
from index.writer import update_index, writing
from search.archive import Archive
from search.query import Query
from search.trials import Agreement
from tests.bench.making import real_articles
from tests.bench.tables import figure, table

DEVELOP, REPORT, ALL = "develop", "report", "all"


@dataclass(frozen=True, slots=True)
class Measured:
    """A topic's query: its agreement with sections, how many articles it catches in all, and of which other topics' sections."""

    topic: Topic
    agreement: Agreement
    everywhere: int
    others: Mapping[str, int]


def half_of(article_id: str) -> str:
    """Return the half of the articles that an id falls into; nothing but the id decides."""
    return REPORT if hashlib.md5(article_id.encode(), usedforsecurity=False).digest()[0] % 2 else DEVELOP


def measured(archive: Archive, chosen: Callable[[str], bool]) -> Iterator[Measured]:
    """Yield what each shipped topic's query catches of the articles whose ids are `chosen`."""
    topics = shipped_topics()
    sections = {article.id: fold_value(article.section or "") for article in archive.readable() if chosen(article.id)}
    telling = {section for topic in topics.topics for section in topic.sections}
    told = {article_id: section for article_id, section in sections.items() if section in telling}
    for topic in topics.topics:
        caught = [i for i in archive.matching(Query(topic.query, expand=False)) if i in sections]
        labelled = [article_id for article_id in caught if article_id in told]
        both = sum(told[article_id] in topic.sections for article_id in labelled)
        expected = sum(section in topic.sections for section in told.values())
        others = Counter(told[i] for i in labelled if told[i] not in topic.sections)
        yield Measured(topic, Agreement(len(labelled), expected, both), len(caught), others)


def make_archive(folder: ArchiveFolder, news: Path) -> None:
    """Import the articles of `news` into a new archive."""
    settings = folder.read_settings()
    with writing(folder), ArticleStore(folder.store) as store:
        import_files(store, [news], settings.zone)
        update_index(folder, store, settings)


def report(found: Sequence[Measured]) -> Iterator[str]:
    """Yield what is printed: the topics that sections tell of, their mean, and the others."""
    told = [one for one in found if one.agreement.expected]
    rows = [_row(one) for one in told]
    means = (
        sum(share or 0.0 for share in shares) / len(shares)
        for shares in (
            [one.agreement.precision for one in told],
            [one.agreement.recall for one in told],
            [one.agreement.f1 for one in told],
        )
        if shares
    )
    rows.append(("mean", *map(figure, means), "", "", "", ""))
    yield table(("topic", "precision", "recall", "F1", "in its sections", "caught", "both", "caught wrongly"), rows)
    yield ""
    rest = [(one.topic.slug, str(one.everywhere)) for one in found if not one.agreement.expected]
    yield table(("no section tells of", "caught"), rest)


def _row(one: Measured) -> tuple[str, ...]:
    agreement = one.agreement
    wrong = ", ".join(f"{section} {count}" for section, count in Counter(one.others).most_common(3))
    shares = map(figure, (agreement.precision, agreement.recall, agreement.f1))
    counts = map(str, (agreement.expected, agreement.caught, agreement.both))
    return (one.topic.slug, *shares, *counts, wrong)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--half", choices=(DEVELOP, REPORT, ALL), default=REPORT, help="which articles (default: report)"
    )
    half = parser.parse_args(arguments).half
    with tempfile.TemporaryDirectory() as folder:
        make_archive(ArchiveFolder(Path(folder)), real_articles() / "news")
        with closing(Archive(Path(folder))) as archive:
            for line in report(list(measured(archive, lambda i: half in (ALL, half_of(i))))):
                print(line)


if __name__ == "__main__":
    main()
