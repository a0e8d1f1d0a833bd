"""The authority file of persons, `tokoh.csv` in the archive's folder: who is who, and what is nobody's name.

A record has a slug for its address, the preferred name, aliases, a role, a Wikidata id and a note; one whose status is
"refused" says that its names are no person's. Names are compared by `index.namekeys`: exactly first, then with all spellings
of one name alike. A name that two persons have is ambiguous, and belongs to neither.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from index.analysis import fold_value
from index.errors import ArchiveError
from index.messages import gettext as _
from index.namekeys import name_key, slug_of, variant_key
from index.registers import Columns, Register, line_problem, read_register, values_in

COLUMNS = Columns(
    ("slug", "name", "aliases", "role", "wikidata", "note", "status"),
    {
        "nama": "name", "nama utama": "name", "preferred name": "name", "alias": "aliases", "nama lain": "aliases",
        "peran": "role", "jabatan": "role", "catatan": "note", "keterangan": "note",
    },
)  # fmt: skip
REFUSED = "refused"
_STATUSES = {"": False, "accepted": False, "diterima": False, REFUSED: True, "ditolak": True}
_NEAREST, _NEAR = 3, 0.7  # names that an error offers, and how alike they must be
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_WIKIDATA = re.compile(r"(?:https?://www\.wikidata\.org/(?:wiki|entity)/)?(Q[1-9]\d{0,11})")


class AuthorityError(ArchiveError):
    """What was asked of the authority file cannot be done; the message says why, and what can."""


@dataclass(frozen=True, slots=True)
class Person:
    """A record of the authority file. One that `is_refused` says that these names are no person's."""

    slug: str
    name: str
    aliases: tuple[str, ...] = ()
    role: str | None = None
    wikidata: str | None = None
    note: str | None = None
    is_refused: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """All names, the preferred one first."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A name that several records have."""

    people: tuple[Person, ...]

    def listed(self) -> str:
        """Return the records in words."""
        return ", ".join(f"{person.name} ({person.slug})" for person in self.people)


def several_people(name: str, found: Ambiguous) -> AuthorityError:
    """Return the error for a name that does not tell who is meant."""
    return AuthorityError(_('"%(name)s" can be several persons: %(people)s', name=name, people=found.listed()))


def nobody(name: str, names: Iterable[str]) -> AuthorityError:
    """Return the error for a name that is none of these `names`; the nearest of them are told."""
    folded = fold_value(name)
    words = set(folded.split())
    alike = {
        other: known for known in names if (other := fold_value(known))[:1] == folded[:1] or words & set(other.split())
    }
    near = [alike[other] for other in get_close_matches(folded, alike, _NEAREST, _NEAR)]
    if near:
        return AuthorityError(_('nobody is called "%(name)s"; nearest: %(names)s', name=name, names=", ".join(near)))
    return AuthorityError(_('nobody is called "%(name)s"', name=name))


class Authority:
    """The records of one state of the file; `problems` says which rows were left out, and why."""

    def __init__(self, people: Iterable[Person] = (), problems: Iterable[str] = ()) -> None:
        self.people = tuple(people)
        self.problems = tuple(problems)
        self._slugs = {person.slug: person for person in self.people}
        self._exact: dict[str, Person | Ambiguous] = {}
        self._alike: dict[str, Person | Ambiguous] = {}
        for person in sorted(self.people, key=lambda person: person.is_refused):
            for name in person.names:
                _add(self._exact, name_key(name), person)
                _add(self._alike, variant_key(name), person)

    def resolve(self, name: str) -> Person | Ambiguous | None:
        """Return whose name this is, a refused record included; None where it is nobody's."""
        return self.resolve_keys(name_key(name), variant_key(name))

    def resolve_keys(self, key: str, variant: str | None) -> Person | Ambiguous | None:
        """Return whose name has these keys (`name_key`, `variant_key`): the exact one is asked first."""
        return self._exact.get(key) or (self._alike.get(variant) if variant else None)

    def find(self, text: str) -> Person | None:
        """Return the person with this slug or name, never a refused one nor one of several."""
        found = (self._slugs.get(text), self.resolve(text))
        return next((one for one in found if isinstance(one, Person) and not one.is_refused), None)

    def record(self, slug: str) -> Person | None:
        """Return the record with this slug, a refused one included."""
        return self._slugs.get(slug)


def read_authority(path: Path) -> Authority:
    """Return what the file says, nothing where there is none; what is wrong with it stands in `problems`."""
    return authority_from(read_register(path, COLUMNS))


def authority_from(register: Register) -> Authority:
    """Return the records of a table; of two with one slug the first is followed."""
    people: dict[str, Person] = {}
    problems = list(register.problems)
    for line in register.lines:
        try:
            person = person_from(line.cells)
        except AuthorityError as error:
            problems.append(line_problem(line.number, str(error)))
            continue
        if people.setdefault(person.slug, person) is not person:
            problems.append(
                line_problem(line.number, _('the slug "%(slug)s" is another row\'s already', slug=person.slug))
            )
    return Authority(people.values(), problems)


def person_from(cells: Mapping[str, str]) -> Person:
    """Return the record of a row; without a slug it gets that of its name. Raise AuthorityError for a row that is none."""
    name = cells.get("name", "").strip()
    if not name_key(name):
        raise AuthorityError(_("a record needs a name"))
    slug = cells.get("slug", "").strip() or slug_of(name)
    if not _SLUG.fullmatch(slug):
        wanted = slug_of(slug) or slug_of(name)
        raise AuthorityError(_('the slug "%(slug)s" is none; write "%(wanted)s"', slug=slug, wanted=wanted))
    status = cells.get("status", "").strip().casefold()
    if status not in _STATUSES:
        raise AuthorityError(_('the status "%(status)s" is neither empty nor "refused"', status=status))
    wikidata = cells.get("wikidata", "").strip()
    is_wikidata = _WIKIDATA.fullmatch(wikidata)
    if wikidata and not is_wikidata:
        raise AuthorityError(_('"%(text)s" is no Wikidata id such as Q3318231', text=wikidata))
    return Person(
        slug=slug,
        name=name,
        aliases=tuple(alias for alias in values_in(cells.get("aliases", "")) if alias != name and name_key(alias)),
        role=cells.get("role", "").strip() or None,
        wikidata=is_wikidata[1] if is_wikidata else None,
        note=cells.get("note", "").strip() or None,
        is_refused=_STATUSES[status],
    )


def _add(table: dict[str, Person | Ambiguous], key: str | None, person: Person) -> None:
    """Give a person a key, a refused one only where no accepted one has it: those come first."""
    if not key:
        return
    known = table.get(key)
    people = known.people if isinstance(known, Ambiguous) else (known,) if known else ()
    if person in people or (person.is_refused and people):
        return
    table[key] = Ambiguous((*people, person)) if people else person
