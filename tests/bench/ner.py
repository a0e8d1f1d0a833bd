"""How well the tagger finds persons, organisations and places: precision, recall and F1 of whole mentions.

    python -m tests.bench.ner --folds 5

Cross-validated on the training set of idner-news-2k in TELISIK_DATA, then trained on it and measured on its dev set. A mention
counts as right when it covers the same tokens as the annotators' and is of the same kind.
"""

import argparse
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from index.tagging import Mention, MentionKind, Tagger
from tests.bench.train_tagger import Gold, gold_spans, read_gold, trained

KINDS = {"PER": MentionKind.PERSON, "ORG": MentionKind.ORGANISATION, "LOC": MentionKind.PLACE}
Span = tuple[int, int, str]


def spans_of(gold: Gold, mentions: Sequence[Mention]) -> set[Span]:
    """Return the tokens that mentions cover, first and last, with their kinds."""
    label = {kind: name for name, kind in KINDS.items()}
    found: set[Span] = set()
    bounds: list[tuple[int, int]] = []
    begin = 0
    for token in gold.tokens:
        bounds.append((begin, begin + len(token)))
        begin += len(token) + 1
    for mention in mentions:
        covered = [n for n, (start, end) in enumerate(bounds) if start < mention.end and end > mention.start]
        found.add((covered[0], covered[-1], label[mention.kind]))
    return found


def tally(tagger: Tagger, sentences: Sequence[Gold]) -> Counter[tuple[str, str]]:
    """Count by kind what was found, what is in the gold, and what is right. The sentences are one document."""
    counts: Counter[tuple[str, str]] = Counter()
    for gold, mentions in zip(sentences, tagger.tag_document([gold.text for gold in sentences]), strict=True):
        wanted = set(gold_spans(gold.labels))
        found = spans_of(gold, mentions)
        for name, several in (("gold", wanted), ("found", found), ("right", wanted & found)):
            counts.update((kind, name) for _first, _last, kind in several)
    return counts


def folds(sentences: Sequence[Gold], count: int) -> Iterator[tuple[list[Gold], list[Gold]]]:
    """Yield what is trained on and what is measured, by every `count`-th sentence."""
    for number in range(count):
        yield [s for n, s in enumerate(sentences) if n % count != number], list(sentences[number::count])


def measure(pair: tuple[list[Gold], list[Gold]]) -> Counter[tuple[str, str]]:
    return tally(Tagger(*trained(pair[0])), pair[1])


def rows(counts: Counter[tuple[str, str]]) -> Iterator[tuple[str, float, float, float]]:
    for kind in KINDS:
        precision = counts[kind, "right"] / max(1, counts[kind, "found"])
        recall = counts[kind, "right"] / max(1, counts[kind, "gold"])
        yield kind, precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=int, default=5)
    arguments = parser.parse_args()
    folder = Path(os.environ["TELISIK_DATA"]) / "ner"
    train, dev = (read_gold(folder / f"idner-news-2k.{name}.txt") for name in ("train", "dev"))
    pairs = [*folds(train, arguments.folds), (train, dev)]
    with ProcessPoolExecutor(2) as pool:
        *crossed, developed = pool.map(measure, pairs)
    for title, counts in (("cross-validated", sum(crossed, Counter())), ("train -> dev", developed)):
        print(title)
        for kind, precision, recall, f1 in rows(counts):
            print(f"  {kind}  P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}")


if __name__ == "__main__":
    main()
