"""How fast text becomes tokens on one core, on the real articles that TELISIK_DATA names.

    python -m tests.bench.analysis

"As indexed" is what the indexer does with a batch: chunks, their terms and positions as arrays. "One by one" is what highlights do.
"""

import json
import time
from collections.abc import Callable, Iterator

from index.analysis import Analyzer
from index.article import article_from_fields
from index.inversion import Inverter
from index.schema import Indexable
from tests.bench.machine import machine_line
from tests.bench.making import real_articles
from tests.bench.tables import table

ROUNDS = 5


def main() -> None:
    """Measure and print."""
    texts = list(_texts())
    analyzer = Analyzer()
    tokens = sum(len(analyzer.words(text)) for text in texts)
    inverter = Inverter(Analyzer())

    def as_indexed() -> None:
        batch = inverter.texts(texts)
        inverter.surfaces(batch, b"")
        inverter.stems(batch, b"")

    def one_by_one() -> None:
        for text in texts:
            for _token in analyzer.tokens(text):
                pass

    cold = _seconds(as_indexed)
    rows = [
        ["as indexed, each word new", f"{tokens / cold:,.0f}"],
        ["as indexed, warm", f"{tokens / min(_seconds(as_indexed) for _ in range(ROUNDS)):,.0f}"],
        ["one by one, warm", f"{tokens / min(_seconds(one_by_one) for _ in range(ROUNDS)):,.0f}"],
    ]
    print(machine_line())
    print(f"{len(texts):,} articles, {tokens:,} tokens\n")
    print(table(["", "tokens/s"], rows))


def _seconds(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _texts() -> Iterator[str]:
    for path in sorted((real_articles() / "news").glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                article = article_from_fields(title=record["title"], body=record["body"])
                yield f"{article.title}\n{Indexable.of(article).body}"


if __name__ == "__main__":
    main()
