"""The rows of the authority file while a decision changes them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from index.analysis import INVISIBLE
from index.authority import Ambiguous, Authority, AuthorityError, Person, nobody, person_from, several_people
from index.messages import gettext as _
from index.namekeys import name_key, slug_of, variant_key
from index.registers import SEPARATOR, Line, Register, values_in

Cells = Mapping[str, str]
_LONGEST_NAME = 200
_NOT_MERGED = frozenset({"slug", "name", "aliases", "status"})


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one row, by its slug; `place` is where it stood among the rows. None stands for no row."""

    slug: str
    place: int
    before: Cells | None
    after: Cells | None


class Draft:
    """The rows of the file while a decision changes them. Raises AuthorityError for what would make a row wrong."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._lines: dict[str, Line] = {}
        self._people: dict[str, Person] = {}
        self._slugs_by_key: dict[str, list[str]] = {}
        for line in register.lines:
            self._add(person_from(line.cells), line)
        self._before = {slug: (place, line) for place, (slug, line) in enumerate(self._lines.items())}

    # --- what is there

    @property
    def authority(self) -> Authority:
        """The records as they are now."""
        return Authority(self._people.values())

    def name(self, slug: str) -> str:
        """Return the preferred name of a record."""
        return self._people[slug].name

    def names(self, slug: str) -> tuple[str, ...]:
        """Return the names of a record, none where there is no such record."""
        person = self._people.get(slug)
        return person.names if person else ()

    def cells(self, slug: str) -> dict[str, str]:
        """Return the cells of a row, none where there is no such row."""
        line = self._lines.get(slug)
        return {**line.cells, "slug": slug} if line else {}

    def exact(self, name: str) -> Person | Ambiguous | None:
        """Return whose name this is exactly, a refused record only where it is nobody's."""
        people = self._having(name)
        people = [person for person in people if not person.is_refused] or people
        return people[0] if len(people) == 1 else Ambiguous(tuple(people)) if people else None

    def _having(self, name: str) -> list[Person]:
        """Return the records that have this name exactly, refused ones, too."""
        return [self._people[slug] for slug in self._slugs_by_key.get(name_key(name), ())]

    def known(self, text: str) -> Person | Ambiguous | None:
        """Return the record with this slug, else whose name this is exactly."""
        return self._people.get(text) or self.exact(text)

    def person(self, text: str) -> Person:
        """Return the accepted person with this slug or name; raise AuthorityError where there is none."""
        found = self.known(text) or self.authority.resolve(text)
        if isinstance(found, Ambiguous):
            raise several_people(text, found)
        if found is None:
            raise nobody(text, [name for person in self._people.values() for name in (person.slug, *person.names)])
        if found.is_refused:
            raise AuthorityError(_('"%(name)s" is refused; accept it first', name=found.name))
        return found

    def no_alias(self, person: Person, name: str) -> AuthorityError:
        """Return the error for a name that a person has not."""
        aliases = ", ".join(person.aliases) or "-"
        text = _(
            '"%(name)s" is no alias of %(person)s; there are: %(aliases)s',
            name=name,
            person=person.name,
            aliases=aliases,
        )
        return AuthorityError(text)

    # --- names

    def refuse_taken(self, name: str) -> None:
        """Raise AuthorityError where an accepted person has this name."""
        accepted = tuple(person for person in self._having(name) if not person.is_refused)
        if len(accepted) > 1:
            raise several_people(name, Ambiguous(accepted))
        if accepted:
            raise other_person(name, accepted[0])

    def refused_slug(self, name: str) -> str | None:
        """Return the slug of the first refused record with this preferred name."""
        refused = (person for person in self._having(name) if person.is_refused)
        return next((person.slug for person in refused if name_key(person.name) == name_key(name)), None)

    def take_from_refused(self, slug: str) -> None:
        """Take the names of a record from the refused ones; one that has none left goes."""
        keys = set(map(name_key, self.names(slug)))
        for other in {other for key in keys for other in self._slugs_by_key.get(key, ())}:
            person = self._people[other]
            if person.is_refused and other != slug:
                kept = [name for name in person.names if name_key(name) not in keys]
                if kept:
                    self.put(other, called(self.cells(other), kept[0], kept))
                else:
                    self.drop(other)

    def free_slug(self, name: str) -> str:
        """Return a slug for a new record."""
        slug, number = slug_of(name), 1
        while (free := slug if number == 1 else f"{slug}-{number}") in self._people:
            number += 1
        return free

    def slug_to_merge_into(self, text: str) -> str:
        """Return the slug of the person that others are merged into, a new record for a name that has none."""
        if self.known(text) is None and self.authority.resolve(text) is None:
            typed = checked_name(text)
            slug = self.free_slug(typed)
            self.put(slug, {"name": typed})
            return slug
        return self.person(text).slug

    def give_up(self, source: str, into: str) -> tuple[str, ...]:
        """Take what `source` means from where it is and return its names; a record whose slug or preferred name it is goes."""
        found = self.known(source)
        match found:
            case None:
                return (checked_name(source),)
            case Ambiguous():
                raise several_people(source, found)
            case Person(slug=slug) if slug == into:
                raise AuthorityError(_('"%(name)s" is a name of %(person)s already', name=source, person=found.name))
            case Person() if source != found.slug and name_key(source) != name_key(found.name):
                kept = unlike(found.aliases, source)
                self.put(found.slug, called(self.cells(found.slug), found.name, kept))
                return tuple(alias for alias in found.aliases if alias not in kept)
        given = self.cells(found.slug)
        more = {name: cell for name, cell in given.items() if name not in _NOT_MERGED and cell}
        self.drop(found.slug)
        self.put(into, {**self.cells(into), **{n: c for n, c in more.items() if not self.cells(into).get(n)}})
        return found.names

    def slug_of_row(self, cells: Cells, told: frozenset[str] | set[str], *, has_status: bool) -> str:
        """Return the slug of the record that an imported row means, a free one for a new record.

        `told` are the slugs of the imported table: two of its rows may have one name.
        """
        person = person_from(cells)
        by_name = self.exact(person.name)
        slug = cells.get("slug", "")
        if not slug and isinstance(by_name, Ambiguous):
            raise several_people(person.name, by_name)
        if not slug:
            slug = by_name.slug if isinstance(by_name, Person) else self.free_slug(person.name)
        elif isinstance(by_name, Person) and by_name.slug != slug and by_name.slug not in told:
            raise other_person(person.name, by_name)
        known = self._people.get(slug)
        if known and known.is_refused and not has_status:
            raise AuthorityError(_('"%(name)s" is refused; accept it first', name=known.name))
        return slug

    def warnings(self, slugs: Iterable[str]) -> Iterator[str]:
        """Yield what an archivist is told of names of these records that others have, too."""
        authority = self.authority
        for person in (self._people[slug] for slug in slugs if slug in self._people):
            if person.is_refused:
                continue
            for name in person.names:
                exact = authority.resolve_keys(name_key(name), None)
                alike = authority.resolve_keys("", variant_key(name))
                if isinstance(exact, Ambiguous):
                    yield _(
                        '"%(name)s" is a name of several persons and taken for none of them: %(people)s',
                        name=name,
                        people=exact.listed(),
                    )
                elif isinstance(alike, Ambiguous):
                    yield _(
                        'other spellings of "%(name)s" could be of several persons and are taken for none of them: %(people)s',
                        name=name,
                        people=alike.listed(),
                    )

    # --- changing

    def put(self, slug: str, cells: Cells, *, place: int | None = None) -> None:
        """Write a row, in its place if there is one, else at `place`, else at the end."""
        person = person_from({**cells, "slug": slug})
        line = Line(0, {**cells, "slug": slug})
        if slug not in self._lines and place is not None and place < len(self._lines):
            rows = list(self._lines.items())
            self._lines = dict([*rows[:place], (slug, line), *rows[place:]])
        self._forget(slug)
        self._add(person, line)

    def drop(self, slug: str) -> None:
        """Take a row out."""
        self._forget(slug)
        del self._lines[slug], self._people[slug]

    def changes(self) -> tuple[Change, ...]:
        """Return which rows differ from what they were."""
        places = {slug: place for place, slug in enumerate(self._lines)}
        found = []
        for slug in dict.fromkeys((*self._before, *self._lines)):
            place, line = self._before.get(slug, (places.get(slug, 0), None))
            before = filled({**line.cells, "slug": slug}) if line else None
            after = filled(self.cells(slug)) if slug in self._lines else None
            if before != after:
                found.append(Change(slug, place, before, after))
        return tuple(found)

    def register(self) -> Register:
        """Return the table as it is now, rows that did not change as they were written."""
        changed = {change.slug for change in self.changes()}
        lines = [line if slug in changed else self._before[slug][1] for slug, line in self._lines.items()]
        return replace(self._register, lines=tuple(lines))

    def _add(self, person: Person, line: Line) -> None:
        self._lines[person.slug], self._people[person.slug] = line, person
        for key in dict.fromkeys(map(name_key, person.names)):
            self._slugs_by_key.setdefault(key, []).append(person.slug)

    def _forget(self, slug: str) -> None:
        person = self._people.get(slug)
        for key in dict.fromkeys(map(name_key, person.names)) if person else ():
            self._slugs_by_key[key].remove(slug)


def checked_name(name: str) -> str:
    """Return a name as it is written to the file; raise AuthorityError for what is none."""
    typed = " ".join("".join(c for c in name if c not in INVISIBLE).split())
    if not name_key(typed) or SEPARATOR in typed or len(typed) > _LONGEST_NAME or not typed.isprintable():
        raise AuthorityError(_('"%(text)s" is no name', text=typed[:_LONGEST_NAME]))
    return typed


def unlike(names: Iterable[str], name: str) -> list[str]:
    """Return the names but those that are exactly this one."""
    return [other for other in names if name_key(other) != name_key(name)]


def called(cells: Cells, name: str, others: Iterable[str]) -> dict[str, str]:
    """Return the cells of a record with these names, new ones each once; what says the same already stays as it is written."""
    held = values_in(cells.get("aliases", ""))
    keys = {name_key(name)}
    aliases: list[str] = []
    for other in dict.fromkeys(others):
        if other != name and (other in held or name_key(other) not in keys):
            aliases.append(other)
            keys.add(name_key(other))
    named = {**cells, "name": name}
    if tuple(aliases) != held:
        named["aliases"] = SEPARATOR.join(aliases)
    return named


def merged_cells(before: Cells, row: Cells, *, has_status: bool) -> dict[str, str]:
    """Return the cells of a record that an imported row adds to."""
    told = {name: cell for name, cell in row.items() if cell and name not in _NOT_MERGED}
    if has_status:
        told["status"] = row.get("status", "")
    held = [before["name"], *values_in(before.get("aliases", ""))] if before else []
    name = row["name"] if row.get("slug") or not held else held[0]
    return called({**before, **told}, name, (*held, row["name"], *values_in(row.get("aliases", ""))))


def filled(cells: Cells) -> dict[str, str]:
    """Return the cells that say something."""
    return {name: cell for name, cell in cells.items() if cell}


def other_person(name: str, person: Person) -> AuthorityError:
    """Return the error for a name that this person has already."""
    if person.name == name:
        return AuthorityError(_("%(name)s has a record already (%(slug)s)", name=name, slug=person.slug))
    return AuthorityError(
        _('"%(name)s" is a name of %(person)s (%(slug)s)', name=name, person=person.name, slug=person.slug)
    )
