"""The newsroom's own list of words, `kata.txt` in the archive's folder, which has the last word on names and roots.

One entry a line; what follows a # is a comment:

    Kejagung             a name, which is never stemmed
    -bintang             no name: always stemmed, whatever was learned of it
    pemekaran = mekar    its root
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from index.analysis import ANALYZER
from index.errors import ArchiveError, system_reason
from index.generations import write_durably
from index.messages import gettext as _
from index.words import Exceptions

_COMMENT = "#"
_COMMON = "-"
_ROOT = "="


class EntryWrong(ArchiveError):
    """A line of the list is none of the three kinds of entry."""


class Entry(NamedTuple):
    """What the list says of one folded word: that it is a name, or `common`, or has this root."""

    word: str
    root: str = ""
    common: bool = False


def parse_entry(line: str) -> Entry:
    """Return the entry of one line without its comment; raise EntryWrong, which says why, for any other text.

    >>> parse_entry("Kejagung"), parse_entry("pemekaran = mekar").root, parse_entry("-bintang").common
    (Entry(word='kejagung', root='', common=False), 'mekar', True)
    """
    text = line.strip()
    if _ROOT in text:
        word, root = text.split(_ROOT, maxsplit=1)
        return Entry(_folded(word), root=_folded(root))
    return Entry(_folded(text.removeprefix(_COMMON)), common=text.startswith(_COMMON))


def read_exceptions(path: Path) -> Exceptions:
    """Return what a file says, nothing where there is none; what is wrong with it stands in `faults`."""
    try:
        return exceptions_from(path.read_text(encoding="utf-8-sig", errors="replace"))
    except FileNotFoundError:
        return Exceptions()
    except OSError as error:
        return Exceptions(faults=(system_reason(error),))


def exceptions_from(text: str) -> Exceptions:
    """Return the exceptions that a text holds; of two entries for one word the first is followed."""
    entries: dict[str, tuple[int, Entry]] = {}
    faults = []
    for number, line in enumerate(text.splitlines(), start=1):
        entry = _entry_or_reason(line)
        if isinstance(entry, str):
            faults.append(_("line %(number)d: %(reason)s", number=number, reason=entry))
        elif entry and entries.setdefault(entry.word, (number, entry))[0] != number:
            first = entries[entry.word][0]
            reason = _('"%(word)s" stands in line %(first)d already', word=entry.word, first=first)
            faults.append(_("line %(number)d: %(reason)s", number=number, reason=reason))
    told = [entry for _number, entry in entries.values()]
    return Exceptions(
        frozenset(entry.word for entry in told if not entry.root and not entry.common),
        frozenset(entry.word for entry in told if entry.common),
        tuple((entry.word, entry.root) for entry in told if entry.root),
        tuple(faults),
    )


def add_exception(path: Path, line: str) -> None:
    """Put an entry into the file, in the place of what it said of the same word; raise EntryWrong for a line that is none."""
    _change(path, lambda text: text_with(text, line))


def remove_exception(path: Path, word: str) -> None:
    """Take a word's entry out of the file; one that it does not hold is no error. Raise EntryWrong for what is no word."""
    _change(path, lambda text: text_without(text, word))


def text_with(text: str, line: str) -> str:
    """Return the list with one more entry; comments, order and the lines of other words stay as they are."""
    written = line.partition(_COMMENT)[0].strip()
    word = parse_entry(written).word
    lines = text.splitlines()
    places = list(_places(lines, word))
    if not places:
        return "\n".join([*lines, written]) + "\n"
    comment = lines[places[0]].partition(_COMMENT)[2]
    lines[places[0]] = f"{written}  {_COMMENT}{comment}" if comment else written
    return "\n".join(kept for place, kept in enumerate(lines) if place not in places[1:]) + "\n"


def text_without(text: str, word: str) -> str:
    """Return the list without the entries for a word."""
    lines = text.splitlines()
    places = set(_places(lines, _folded(word)))
    return "".join(f"{kept}\n" for place, kept in enumerate(lines) if place not in places)


def _change(path: Path, change: Callable[[str], str]) -> None:
    try:
        text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    except UnicodeDecodeError as error:
        raise EntryWrong(_("%(path)s is not UTF-8 text; save it as such first", path=path)) from error
    changed = change(text)
    if changed != text:
        write_durably(path, changed)


def _places(lines: list[str], word: str) -> Iterator[int]:
    for place, line in enumerate(lines):
        entry = _entry_or_reason(line)
        if isinstance(entry, Entry) and entry.word == word:
            yield place


def _entry_or_reason(line: str) -> Entry | str | None:
    """Return a line's entry, why it is none, or nothing for an empty line and a comment."""
    text = line.partition(_COMMENT)[0]
    try:
        return parse_entry(text) if text.strip() else None
    except EntryWrong as error:
        return str(error)


def _folded(text: str) -> str:
    """Return one word as the analysis knows it; raise EntryWrong for anything else."""
    words = ANALYZER.words(text)
    if len(words) != 1 or not words[0].surface.isalpha() or (words[0].start, words[0].end) != _span(text):
        raise EntryWrong(_('"%(text)s" is not one word of letters', text=text.strip()))
    return words[0].surface


def _span(text: str) -> tuple[int, int]:
    return len(text) - len(text.lstrip()), len(text.rstrip())
