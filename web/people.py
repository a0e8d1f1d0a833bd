"""The persons of an archive as archivists see them on the command line: recorded ones, and those that articles alone name."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from index.analysis import fold_value
from index.authority import REFUSED, Ambiguous, AuthorityError, Person, read_authority, several_people
from index.errors import IndexUnusable
from index.messages import gettext as _
from index.namekeys import name_key
from search.archive import Archive
from search.browse import Directory
from search.query import FilterField
from search.results import Entry
from search.understanding import refused_text

ACCEPTED, CANDIDATE = "accepted", "candidate"  # beside REFUSED
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")  # what is typed so is meant as one, and no name as people write it


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
            if (new or self.entries is None) and not _SLUG.fullmatch(text):
                return text
            raise self.unknown(text)
        key = name_key(text)
        spelled = (name for name, _count in self.archive.spellings(entry.slug) if name_key(name) == key)
        return entry.label if text == entry.slug else next(spelled, entry.label)

    def all_meant(self, texts: Sequence[str], *, new: bool = False) -> list[str]:
        """Return of each what `meant` does; raise AuthorityError, which tells them all, where some are nobody's."""
        meant, unknown = [], []
        for text in texts:
            try:
                meant.append(self.meant(text, new=new))
            except AuthorityError as error:
                unknown.append(str(error))
        if unknown:
            nothing = [_("nothing was decided")] if len(texts) > 1 else []
            raise AuthorityError("; ".join([*unknown, *nothing]))
        return meant

    def candidate_spellings(self, text: str) -> tuple[str, ...]:
        """Return how articles write a candidate, with the spelling that it is listed by first; none for a person with a record."""
        if self.entries is None or self.authority.record(text) or self.authority.resolve(text):
            return ()
        entry = self.archive.entry(FilterField.PERSON, text)
        if entry is None or entry.recorded:
            return ()
        return tuple(dict.fromkeys((entry.label, *(name for name, _count in self.archive.spellings(entry.slug)))))

    def nearest(self, text: str) -> tuple[str, ...]:
        """Return the names nearest to one that nobody has: the persons who have it as a part, then names spelled alike."""
        if self.entries is None:
            entries = [Entry(FilterField.PERSON, p.slug, p.name, 0, recorded=True) for p in self._accepted()]
        else:
            entries = list(self.entries)
        directory = Directory(tuple(entries), lambda slug: one.names if (one := self.authority.record(slug)) else ())
        return tuple(entry.label for entry in directory.nearest(text.replace("-", " ")))

    def _accepted(self) -> list[Person]:
        return [person for person in self.authority.people if not person.is_refused]

    def unknown(self, text: str) -> AuthorityError:
        """Return the error for a name that nobody has."""
        near = self.nearest(text)
        if near:
            return AuthorityError(
                _('nobody is called "%(name)s"; nearest: %(names)s', name=text, names=", ".join(near))
            )
        return AuthorityError(_('nobody is called "%(name)s"', name=text))


def not_known(people: People, name: str) -> str:
    """Return why a name is no person's: several have it, it was refused, or nobody is called so."""
    found = people.authority.record(name) or people.authority.resolve(name)
    if isinstance(found, Ambiguous):
        return str(several_people(name, found))
    if found is not None and found.is_refused:
        return refused_text(found.name)
    return str(people.unknown(name))


def _has(one: Listed, words: Sequence[str]) -> bool:
    names = one.person.names if one.person else (one.name,)
    return not words or any(all(word in folded for word in words) for folded in map(fold_value, (*names, one.slug)))
