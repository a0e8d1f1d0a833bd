"""Lemma accuracy: how often the root of a word is the lemma that Universal Dependencies (Indonesian-CSUI) give it.

    python -m tests.bench.lemmas --errors 40

Words are weighted by how often they stand in the treebank; proper nouns are left out. `tests/lemma_errors.tsv` says of the
frequent errors why they stay.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from index.analysis import Analyzer, fold
from index.stemming import root_of
from index.words import SHIPPED, WordTable
from tests.bench.making import real_articles
from tests.bench.tables import table

TREEBANK = Path("stem") / "ud-csui-train.tsv"
PROPER_NOUN = "PROPN"
FOREIGN = "X"


class TreebankWord(NamedTuple):
    """A word as it is written in the treebank, its lemma there, its part of speech, and how often it stands so."""

    word: str
    lemma: str
    part: str
    count: int


class LemmaError(NamedTuple):
    """A word whose root is not its lemma."""

    word: str
    lemma: str
    root: str
    count: int


@dataclass(frozen=True, slots=True)
class Stemmed(WordTable):
    """A table that asks one stemmer alone."""

    stem: Callable[[str], str] = field(kw_only=True)

    def root(self, surface: str) -> str:
        return self.stem(surface)


def systems() -> dict[str, WordTable]:
    """Return what is compared, by its name."""
    import snowballstemmer  # is of the extra "bench", and the tests use the rest of this module without it

    snowball = snowballstemmer.stemmer("indonesian").stemWord
    return {
        "no stemming": Stemmed(frozenset(), {}, stem=str),
        "Snowball": Stemmed(frozenset(), {}, stem=snowball),
        "Sastrawi": sastrawi(),
        "Telisik": SHIPPED,
    }


def sastrawi() -> WordTable:
    """Return Sastrawi alone."""
    return Stemmed(frozenset(), {}, stem=root_of)


def treebank_words(data: Path) -> list[TreebankWord]:
    """Return the words of the treebank."""
    lines = (data / TREEBANK).read_text(encoding="utf-8").splitlines()
    return [TreebankWord(word, lemma, part, int(count)) for word, lemma, part, count in map(_columns, lines)]


def accuracy(words: Sequence[TreebankWord], vocabulary: WordTable) -> float:
    """Return the share of running words, proper nouns left out, whose root is their lemma."""
    counted = sum(word.count for word in words if word.part != PROPER_NOUN)
    return 1 - sum(error.count for error in errors(words, vocabulary)) / counted


def errors(words: Sequence[TreebankWord], vocabulary: WordTable) -> Iterator[LemmaError]:
    """Yield the words whose root is not their lemma, proper nouns left out.

    Of a word or a lemma in several parts the first part counts: undang-undang may be undang.
    """
    analyzer = Analyzer(vocabulary)
    for word, lemma, part, count in words:
        if part == PROPER_NOUN:
            continue
        root = next((token.stem or "" for token in analyzer.words(word)), fold(word))
        whole = fold(lemma)
        if root not in (whole, whole.replace("-", " ").partition(" ")[0]):
            yield LemmaError(fold(word), lemma, root, count)


def _columns(line: str) -> list[str]:
    return line.split("\t")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", type=int, default=40, help="how many remaining errors are printed (default: 40)")
    options = parser.parse_args(arguments)
    words = treebank_words(real_articles())
    native = [word for word in words if word.part != FOREIGN]
    rows = [
        (name, f"{accuracy(words, vocabulary):.4f}", f"{accuracy(native, vocabulary):.4f}")
        for name, vocabulary in systems().items()
    ]
    print(table(("", "all", "without foreign words"), rows), end="\n\n")
    left = sorted(errors(words, SHIPPED), key=lambda error: (-error.count, error.word))
    shown = [(error.word, error.lemma, error.root, str(error.count)) for error in left[: options.errors]]
    print(table(("word", "lemma", "root", "count"), shown))


if __name__ == "__main__":
    main()
