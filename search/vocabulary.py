"""What one archive knows of words, kept up with its wordbook and with its newsroom's files while they change."""

import threading
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from index.analysis import ANALYZER, Analyzer
from index.settings import ArchiveFolder
from index.wordbook import Acronym, Wordbook, word_table

Stamp = tuple[tuple[int, int], ...]  # time and size of each file


class Acronyms:
    """The acronyms of an archive, looked up in both directions by the key of their words."""

    def __init__(self, acronyms: Sequence[Acronym], analyzer: Analyzer) -> None:
        """Take acronyms, most frequent first; of those that differ in marks alone the first stays."""
        self.meanings: dict[str, list[Acronym]] = {}
        self.short_forms: dict[str, list[Acronym]] = {}
        taken: set[tuple[str, str]] = set()
        for acronym in acronyms:
            short, long = (
                acronym_key(w.surface for w in analyzer.words(text)) for text in (acronym.short, acronym.long)
            )
            if (short, long) not in taken:
                taken.add((short, long))
                self.meanings.setdefault(short, []).append(acronym)
                self.short_forms.setdefault(long, []).append(acronym)


def acronym_key(surfaces: Iterable[str]) -> str:
    """Return what words are looked up by: "Menko PMK" and "Pokok-Pokok", too, are words between spaces."""
    return " ".join(surfaces).replace("-", " ")


@dataclass(frozen=True)
class Vocabulary:
    """One state of an archive's words: an analyzer that knows its names, and its acronyms, read when first asked for."""

    analyzer: Analyzer
    wordbook: Path
    stamp: Stamp

    @cached_property
    def acronyms(self) -> Acronyms:
        """The acronyms that enough articles explain."""
        with closing(Wordbook(self.wordbook, readonly=True)) as book:
            return Acronyms(book.acronyms(), self.analyzer)


class Words:
    """Gives an archive's newest vocabulary; a look at three files tells whether it changed. Safe for threads."""

    def __init__(self, folder: ArchiveFolder) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._newest = Vocabulary(ANALYZER, folder.wordbook, ())

    def newest(self) -> Vocabulary:
        """Return the vocabulary as it is now."""
        stamp = tuple(map(stamp_of, (self._folder.wordbook, self._folder.exceptions, self._folder.people)))
        if stamp != self._newest.stamp:
            with self._lock:
                if stamp != self._newest.stamp:
                    known = self._newest.analyzer
                    table = word_table(self._folder)
                    analyzer = known if table == known.vocabulary else Analyzer(table)
                    self._newest = Vocabulary(analyzer, self._folder.wordbook, stamp)
        return self._newest


def stamp_of(path: Path) -> tuple[int, int]:
    """Return what changes when a file does: its time and its size, zeros where there is none."""
    try:
        state = path.stat()
    except FileNotFoundError:
        return 0, 0
    return state.st_mtime_ns, state.st_size
