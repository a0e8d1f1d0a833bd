"""The persons of an archive as archivists see them on the command line: recorded ones, and those that articles alone name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from index.analysis import fold_value
from index.authority import REFUSED, AuthorityError, Person, nobody, read_authority
from index.errors import IndexUnusable
from index.namekeys import name_key
from search.archive import Archive
from search.query import FilterField
from search.results import Entry

ACCEPTED, CANDIDATE = "accepted", "candidate"  # beside REFUSED


@dataclass(frozen=True, slots=True)
class Listed:
    """A person as it is listed. Without an index nobody knows the `articles`, which are None then."""

    slug: str
    name: str
    status: str
    articles: int | None
    person: Person | None


class People:
    """The persons of one archive, recorded or named by its articles alone; without an index only the recorded ones."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.authority = read_authority(archive.folder.people)

    @cached_property
    def entries(self) -> tuple[Entry, ...] | None:
        """The persons whom the index names, None where there is none that can be read."""
        try:
            return self.archive.entries(FilterField.PERSON)
        except IndexUnusable:
            return None

    def listed(self, statuses: Iterable[str], text: str) -> list[Listed]:
        """Return the persons of these kinds that `text` fits, the most frequent first."""
        counts = {entry.slug: entry.articles for entry in self.entries or ()}
        known = None if self.entries is None else 0
        found = [
            Listed(p.slug, p.name, REFUSED if p.is_refused else ACCEPTED, counts.get(p.slug, known), p)
            for p in self.authority.people
        ]
        found += [Listed(e.slug, e.label, CANDIDATE, e.articles, None) for e in self.entries or () if not e.recorded]
        words = fold_value(text).split()
        chosen = [one for one in found if one.status in set(statuses) and _has(one, words)]
        return sorted(chosen, key=lambda one: (-(one.articles or 0), fold_value(one.name), one.slug))

    def meant(self, text: str, *, new: bool = False) -> str:
        """Return what a decision is told of a person: the slug of a record, else a candidate's name as articles write it.

        Raises AuthorityError for a name that nobody has, unless it may be `new` or there is no index to look in.
        """
        if self.authority.record(text) or self.authority.resolve(text):
            return text
        entry = self.archive.entry(FilterField.PERSON, text) if self.entries is not None else None
        if entry is None:
            if new or self.entries is None:
                return text
            raise self.unknown(text)
        key = name_key(text)
        spelled = (name for name, _count in self.archive.spellings(entry.slug) if name_key(name) == key)
        return entry.label if text == entry.slug else next(spelled, entry.label)

    def unknown(self, text: str) -> AuthorityError:
        """Return the error for a name that nobody has."""
        known = (name for person in self.authority.people for name in (person.slug, *person.names))
        return nobody(text, (*known, *(entry.label for entry in self.entries or ())))


def _has(one: Listed, words: Sequence[str]) -> bool:
    names = one.person.names if one.person else (one.name,)
    return not words or any(all(word in folded for word in words) for folded in map(fold_value, (*names, one.slug)))
