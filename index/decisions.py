"""Decisions about persons: each changes rows of the authority file, is written to a log, and can be undone.

The log, `keputusan.jsonl` in the archive's folder, holds a line for each decision with the rows that it changed, before and
after. A decision writes the new file beside the old one, then its line, then puts the new file in the old one's place. After a
crash between the last two the next decision finds the new file and the line that names it, and finishes; whatever else is left is
swept away. So the file is always an old or a new one, and the log tells.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

from index.authority import (
    COLUMNS,
    REFUSED,
    Ambiguous,
    Authority,
    AuthorityError,
    Person,
    authority_from,
    nobody,
    person_from,
    several_people,
)
from index.errors import system_reason
from index.generations import flush_folder
from index.messages import gettext as _
from index.messages import ngettext
from index.namekeys import name_key, slug_of, variant_key
from index.registers import (
    SEPARATOR,
    Line,
    Register,
    RegisterUnusable,
    line_problem,
    read_register,
    register_text,
    values_in,
)
from index.settings import ArchiveFolder

Cells = Mapping[str, str]
_LONGEST_NAME = 200
_NOT_MERGED = frozenset({"slug", "name", "aliases", "status"})


class Action(StrEnum):
    """What was decided; the value is what the log says."""

    ACCEPT = "accept"
    MERGE = "merge"
    SPLIT = "split"
    ADD_ALIAS = "add_alias"
    REMOVE_ALIAS = "remove_alias"
    REFUSE = "refuse"
    EDIT = "edit"
    IMPORT = "import"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one row, by its slug; `place` is where it stood among the rows. None stands for no row."""

    slug: str
    place: int
    before: Cells | None
    after: Cells | None


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: who took it when, about which names, and the rows that it changed.

    `name` is the preferred name of the person that it is about, `names` are the others that it speaks of. `undoes` is the number of
    the decision that this one takes back, `undone_by` that of the one that took this one back. `warnings` are told once and
    not kept.
    """

    number: int
    at: datetime
    by: str
    action: Action
    name: str
    names: tuple[str, ...]
    changes: tuple[Change, ...]
    undoes: int | None = None
    undone_by: int | None = field(default=None, compare=False)
    warnings: tuple[str, ...] = field(default=(), compare=False)

    @property
    def summary(self) -> str:
        """What was decided, in a sentence for the archivist."""
        names = ", ".join(self.names)
        return {
            Action.ACCEPT: _("accepted: %(name)s", name=self.name),
            Action.MERGE: _("%(names)s merged into %(name)s", names=names, name=self.name),
            Action.SPLIT: _("%(names)s split off from %(name)s", names=names, name=self.name),
            Action.ADD_ALIAS: _("%(name)s: alias %(names)s added", names=names, name=self.name),
            Action.REMOVE_ALIAS: _("%(name)s: alias %(names)s removed", names=names, name=self.name),
            Action.REFUSE: _("refused: %(name)s", name=self.name),
            Action.EDIT: _("%(name)s: record changed", name=self.name),
            Action.IMPORT: ngettext("%(number)d record imported", "%(number)d records imported", len(self.changes)),
            Action.UNDO: _("decision %(number)d undone", number=self.undoes or 0),
        }[self.action]


class Decisions:
    """The decisions about an archive's persons. Any number of processes and threads may decide at once: one waits for the other."""

    def __init__(self, folder: ArchiveFolder) -> None:
        self._people = folder.people
        self._log = folder.path / "keputusan.jsonl"

    def accept(
        self, by: str, name: str, *, preferred: str | None = None, aliases: Iterable[str] = (), role: str | None = None
    ) -> Decision:
        """Give a name a record, called `preferred` if that is given; one that was refused is accepted again.

        Like all decisions this raises AuthorityError, which says why, where it cannot be done: here, where a person has the name.
        """

        def change(draft: _Draft) -> _Told:
            typed, wanted = _checked(name), _checked(preferred or name)
            for known in (typed, wanted):
                draft.refuse_taken(known)
            slug = draft.refused_slug(typed) or draft.refused_slug(wanted) or draft.free_slug(wanted)
            others = tuple(map(_checked, (*draft.names(slug), typed, *aliases)))
            draft.put(slug, _called({**draft.cells(slug), "status": ""}, wanted, others))
            if role:
                draft.put(slug, {**draft.cells(slug), "role": _text(role)})
            draft.take_from_refused(slug)
            return _Told(slug, tuple(_unlike([typed, *others], wanted)))

        return self._decide(by, Action.ACCEPT, change)

    def merge(self, by: str, sources: Iterable[str], into: str) -> Decision:
        """Give the person `into` the names of `sources`, slugs or names; a record among them goes up in that of `into`.

        What `into` does not say (role, Wikidata id, note, other columns) is taken from them in turn. A name without a
        record may be meant by both.
        """

        def change(draft: _Draft) -> _Told:
            slug = draft.slug_to_merge_into(into)
            moved = [name for source in sources for name in draft.give_up(source, slug)]
            draft.put(slug, _called(draft.cells(slug), draft.name(slug), (*draft.names(slug), *moved)))
            draft.take_from_refused(slug)
            return _Told(slug, tuple(moved))

        return self._decide(by, Action.MERGE, change)

    def split(self, by: str, slug: str, name: str) -> Decision:
        """Make a person of its own of a name that the person `slug` has, or is taken for by its spelling."""

        def change(draft: _Draft) -> _Told:
            person, typed = draft.person(slug), _checked(name)
            if name_key(typed) == name_key(person.name):
                raise AuthorityError(_('"%(name)s" is the preferred name of this person', name=person.name))
            is_alias = name_key(typed) in map(name_key, person.aliases)
            if not is_alias and draft.authority.resolve(typed) != person:
                raise draft.no_alias(person, typed)
            if is_alias:
                draft.put(person.slug, _called(draft.cells(person.slug), person.name, _unlike(person.aliases, typed)))
            draft.refuse_taken(typed)
            own = draft.free_slug(typed)
            draft.put(own, {"name": typed})
            return _Told(person.slug, (typed,))

        return self._decide(by, Action.SPLIT, change)

    def add_alias(self, by: str, slug: str, name: str) -> Decision:
        """Give the person `slug` one more name."""

        def change(draft: _Draft) -> _Told:
            person, typed = draft.person(slug), _checked(name)
            if name_key(typed) in map(name_key, person.names):
                raise AuthorityError(_('"%(name)s" is a name of %(person)s already', name=typed, person=person.name))
            draft.put(person.slug, _called(draft.cells(person.slug), person.name, (*person.aliases, typed)))
            draft.take_from_refused(person.slug)
            return _Told(person.slug, (typed,))

        return self._decide(by, Action.ADD_ALIAS, change)

    def remove_alias(self, by: str, slug: str, name: str) -> Decision:
        """Take an alias from the person `slug`."""

        def change(draft: _Draft) -> _Told:
            person, typed = draft.person(slug), _checked(name)
            kept = _unlike(person.aliases, typed)
            if len(kept) == len(person.aliases):
                raise draft.no_alias(person, typed)
            draft.put(person.slug, _called(draft.cells(person.slug), person.name, kept))
            return _Told(person.slug, (typed,))

        return self._decide(by, Action.REMOVE_ALIAS, change)

    def refuse(self, by: str, name: str, *, aliases: Iterable[str] = ()) -> Decision:
        """Note that a name, and `aliases` that no person has, are no person's; a record keeps what else it says."""

        def change(draft: _Draft) -> _Told:
            found = draft.known(name)
            if isinstance(found, Ambiguous):
                raise several_people(name, found)
            if found is None:
                typed = _checked(name)
                others = [alias for alias in map(_checked, aliases) if draft.exact(alias) is None]
                slug = draft.free_slug(typed)
                draft.put(slug, _called({"status": REFUSED}, typed, others))
                return _Told(slug, tuple(others))
            if found.is_refused:
                raise AuthorityError(_('"%(name)s" is refused already', name=found.name))
            if name != found.slug and name_key(name) != name_key(found.name):
                raise _other_person(name, found)
            draft.put(found.slug, {**draft.cells(found.slug), "status": REFUSED})
            return _Told(found.slug)

        return self._decide(by, Action.REFUSE, change)

    def edit(
        self, by: str, slug: str, *, name: str, role: str | None, wikidata: str | None, note: str | None
    ) -> Decision:
        """Write a record anew; None stands for nothing. A former preferred name becomes an alias."""

        def change(draft: _Draft) -> _Told:
            person, typed = draft.person(slug), _checked(name)
            if name_key(typed) not in map(name_key, person.names):
                draft.refuse_taken(typed)
            before = draft.cells(person.slug)
            told = {"role": _text(role), "wikidata": _text(wikidata), "note": _text(note)}
            draft.put(person.slug, _called({**before, **told}, typed, (person.name, *person.aliases)))
            return _Told(person.slug, tuple(_unlike([person.name], typed)))

        return self._decide(by, Action.EDIT, change)

    def merge_rows(self, by: str, register: Register) -> "Merged":
        """Merge the records of another table into the file, row by row, as one decision.

        A row means the record of its slug, else the one that has its name exactly, else a new one. What a row says replaces
        what the record says; what it leaves out stays, and all names do. A record is refused or accepted again only by a
        table that has the column for it. Rows that cannot be merged are told in `problems`.
        """
        merged = Merged()

        def change(draft: _Draft) -> _Told:
            merged.problems.extend(register.problems)
            told = {line.cells.get("slug", "") for line in register.lines}
            for line in register.lines:
                try:
                    slug = draft.slug_of_row(line.cells, told, has_status="status" in line.cells)
                    before = draft.cells(slug)
                    draft.put(slug, _merged_cells(before, line.cells, has_status="status" in line.cells))
                except AuthorityError as error:
                    merged.problems.append(line_problem(line.number, str(error)))
                    continue
                is_same = _filled(before) == _filled(draft.cells(slug))
                kind = merged.unchanged if is_same else merged.changed if before else merged.new
                kind.append(draft.name(slug))
            return _Told("")

        merged.decision = self._decide_or_leave(by, Action.IMPORT, change)
        return merged

    def undo(self, by: str, number: int) -> Decision:
        """Put the rows back that a decision changed, where they are as it left them; an undo can be undone, too."""

        def change(draft: _Draft) -> _Told:
            log = self._decisions()
            undone = next((decision for decision in log if decision.number == number), None)
            if undone is None:
                raise AuthorityError(_("there is no decision %(number)d", number=number))
            for change in undone.changes:
                if _filled(draft.cells(change.slug)) != _filled(change.after or {}):
                    raise _in_the_way(undone, change.slug, log)
            for change in undone.changes:
                if change.before is None:
                    draft.drop(change.slug)
            for change in sorted(undone.changes, key=lambda change: change.place):
                if change.before is not None:
                    draft.put(change.slug, change.before, place=change.place)
            return _Told("", undone.names, name=undone.name, undoes=number)

        return self._decide(by, Action.UNDO, change)

    def log(self, limit: int | None = None) -> list[Decision]:
        """Return the newest decisions, newest first, all without a limit; one that was undone says by which."""
        log = self._decisions()
        undone_by: dict[int, int] = {}
        for decision in reversed(log):
            if decision.undoes is not None and decision.number not in undone_by:
                undone_by[decision.undoes] = decision.number
        newest = log[::-1] if limit is None else log[: -limit - 1 : -1]
        return [replace(decision, undone_by=undone_by.get(decision.number)) for decision in newest]

    def _decisions(self) -> list[Decision]:
        """Return the decisions of the log, oldest first."""
        try:
            return [_decision_from(record) for record in self._records()]
        except (ValueError, KeyError, TypeError) as error:
            raise self._damaged() from error

    def _records(self) -> list[dict[str, Any]]:
        """Return what the log holds, oldest first; what a crash left half written at its end is nothing."""
        try:
            lines = self._log.read_bytes().split(b"\n")[:-1]
            return [json.loads(line) for line in lines if line.strip()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise _unusable(self._log, error) from error
        except ValueError as error:
            raise self._damaged() from error

    def _damaged(self) -> AuthorityError:
        return AuthorityError(_("%(path)s is damaged; restore it from a backup", path=self._log))

    def _decide(self, by: str, action: Action, change: "Callable[[_Draft], _Told]") -> Decision:
        decision = self._decide_or_leave(by, action, change)
        if decision is None:
            raise AuthorityError(_("the file says that already; nothing is changed"))
        return decision

    def _decide_or_leave(self, by: str, action: Action, change: "Callable[[_Draft], _Told]") -> Decision | None:
        """Carry a decision out; return None where it changes no row."""
        try:
            with self._locked():
                self._finish_last()
                draft = self._draft()
                told = change(draft)
                changes = draft.changes()
                if not changes:
                    return None
                log = self._decisions()
                decision = Decision(
                    number=log[-1].number + 1 if log else 1,
                    at=datetime.now(UTC).replace(microsecond=0),
                    by=by,
                    action=action,
                    name=told.name or (draft.name(told.slug) if told.slug else ""),
                    names=told.names,
                    changes=changes,
                    undoes=told.undoes,
                    warnings=tuple(draft.warnings(change.slug for change in changes)),
                )
                self._carry_out(decision, register_text(draft.register(), COLUMNS).encode())
                return decision
        except OSError as error:
            raise _unusable(self._people, error) from error

    def _draft(self) -> "_Draft":
        register = read_register(self._people, COLUMNS)
        problems = authority_from(register).problems
        if problems:
            raise AuthorityError(str(RegisterUnusable(self._people, problems)))
        return _Draft(register)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the log locked in the block; whoever else has it is waited for. What a crash left of a line is cut off."""
        with self._log.open("ab") as log:
            fcntl.flock(log, fcntl.LOCK_EX)
            content = self._log.read_bytes()
            if content and not content.endswith(b"\n"):
                log.truncate(content.rfind(b"\n") + 1)
            yield

    @property
    def _new(self) -> Path:
        return self._people.with_name(self._people.name + ".new")

    def _carry_out(self, decision: Decision, content: bytes) -> None:
        with self._new.open("wb") as file:
            if self._people.exists():
                os.fchmod(file.fileno(), self._people.stat().st_mode & 0o777)
            _write_durably(file, content)
        record = {**_record_of(decision), "from": _sum_of(self._people), "to": _sum(content)}
        with self._log.open("ab") as log:
            _write_durably(log, json.dumps(record, ensure_ascii=False).encode() + b"\n")
        self._put_in_place()

    def _finish_last(self) -> None:
        """Put the file in place that a crash kept from it, if it is the one that the log names and nothing changed since."""
        if not self._new.exists():
            return
        last = self._records()[-1:]
        sums = (_sum_of(self._people), _sum_of(self._new))
        if last and (last[0]["from"], last[0]["to"]) == sums:
            self._put_in_place()
        else:
            self._new.unlink()

    def _put_in_place(self) -> None:
        self._new.replace(self._people)
        flush_folder(self._people.parent)


@dataclass(slots=True)
class Merged:
    """What became of the rows of an imported table: names by kind, and why rows were left out; no decision if nothing changed."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class _Told:
    """What the log is to tell of a decision: the record that it is about, by slug or by name, and other names."""

    slug: str
    names: tuple[str, ...] = ()
    name: str = ""
    undoes: int | None = None


class _Draft:
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
        people = [self._people[slug] for slug in self._slugs_by_key.get(name_key(name), ())]
        people = [person for person in people if not person.is_refused] or people
        return people[0] if len(people) == 1 else Ambiguous(tuple(people)) if people else None

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
        found = self.exact(name)
        if isinstance(found, Ambiguous):
            raise several_people(name, found)
        if found is not None and not found.is_refused:
            raise _other_person(name, found)

    def refused_slug(self, name: str) -> str | None:
        """Return the slug of the refused record with this preferred name."""
        found = self.exact(name)
        is_it = isinstance(found, Person) and found.is_refused and name_key(found.name) == name_key(name)
        return found.slug if isinstance(found, Person) and is_it else None

    def take_from_refused(self, slug: str) -> None:
        """Take the names of a record from the refused ones; one that has none left goes."""
        keys = set(map(name_key, self.names(slug)))
        for other in {other for key in keys for other in self._slugs_by_key.get(key, ())}:
            person = self._people[other]
            if person.is_refused and other != slug:
                kept = [name for name in person.names if name_key(name) not in keys]
                if kept:
                    self.put(other, _called(self.cells(other), kept[0], kept))
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
            typed = _checked(text)
            slug = self.free_slug(typed)
            self.put(slug, {"name": typed})
            return slug
        return self.person(text).slug

    def give_up(self, source: str, into: str) -> tuple[str, ...]:
        """Take what `source` means from where it is and return its names; a record whose slug or preferred name it is goes."""
        found = self.known(source)
        match found:
            case None:
                return (_checked(source),)
            case Ambiguous():
                raise several_people(source, found)
            case Person(slug=slug) if slug == into:
                raise AuthorityError(_('"%(name)s" is a name of %(person)s already', name=source, person=found.name))
            case Person() if source != found.slug and name_key(source) != name_key(found.name):
                (alias,) = (name for name in found.aliases if name_key(name) == name_key(source))
                self.put(found.slug, _called(self.cells(found.slug), found.name, _unlike(found.aliases, source)))
                return (alias,)
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
            raise _other_person(person.name, by_name)
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
            before = _filled({**line.cells, "slug": slug}) if line else None
            after = _filled(self.cells(slug)) if slug in self._lines else None
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


def _checked(name: str) -> str:
    """Return a name as it is written to the file; raise AuthorityError for what is none."""
    typed = " ".join(name.split())
    if not name_key(typed) or SEPARATOR in typed or len(typed) > _LONGEST_NAME or not typed.isprintable():
        raise AuthorityError(_('"%(text)s" is no name', text=typed[:_LONGEST_NAME]))
    return typed


def _text(value: str | None) -> str:
    return " ".join((value or "").split())


def _unlike(names: Iterable[str], name: str) -> list[str]:
    """Return the names but those that are exactly this one."""
    return [other for other in names if name_key(other) != name_key(name)]


def _called(cells: Cells, name: str, others: Iterable[str]) -> dict[str, str]:
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


def _merged_cells(before: Cells, row: Cells, *, has_status: bool) -> dict[str, str]:
    """Return the cells of a record that an imported row adds to."""
    told = {name: cell for name, cell in row.items() if cell and name not in _NOT_MERGED}
    if has_status:
        told["status"] = row.get("status", "")
    held = [before["name"], *values_in(before.get("aliases", ""))] if before else []
    name = row["name"] if row.get("slug") or not held else held[0]
    return _called({**before, **told}, name, (*held, row["name"], *values_in(row.get("aliases", ""))))


def _filled(cells: Cells) -> dict[str, str]:
    return {name: cell for name, cell in cells.items() if cell}


def _other_person(name: str, person: Person) -> AuthorityError:
    if person.name == name:
        return AuthorityError(_("%(name)s has a record already (%(slug)s)", name=name, slug=person.slug))
    return AuthorityError(
        _('"%(name)s" is a name of %(person)s (%(slug)s)', name=name, person=person.name, slug=person.slug)
    )


def _in_the_way(undone: Decision, slug: str, log: Sequence[Decision]) -> AuthorityError:
    """Return the error for a decision whose record `slug` is not as it left it: which later decision changed it."""
    cancelled: set[int] = set()
    for later in reversed(log[log.index(undone) + 1 :]):
        if later.number in cancelled:
            continue
        if later.undoes == undone.number:
            text = _("decision %(number)d is undone already, by decision %(by)d", number=undone.number, by=later.number)
            return AuthorityError(text)
        if later.undoes is not None and later.undoes > undone.number:
            cancelled.add(later.undoes)
        elif any(change.slug == slug for change in later.changes):
            text = _(
                "decision %(number)d (%(summary)s) has changed the record %(slug)s since; undo that first",
                number=later.number,
                summary=later.summary,
                slug=slug,
            )
            return AuthorityError(text)
    return AuthorityError(_("the record %(slug)s was changed by hand since; change it there", slug=slug))


def _record_of(decision: Decision) -> dict[str, object]:
    return {
        "number": decision.number,
        "at": decision.at.isoformat(),
        "by": decision.by,
        "action": decision.action.value,
        "name": decision.name,
        "names": decision.names,
        "undoes": decision.undoes,
        "changes": [{"slug": c.slug, "place": c.place, "before": c.before, "after": c.after} for c in decision.changes],
    }


def _decision_from(record: Mapping[str, Any]) -> Decision:
    return Decision(
        number=int(record["number"]),
        at=datetime.fromisoformat(record["at"]),
        by=record["by"],
        action=Action(record["action"]),
        name=record["name"],
        names=tuple(record["names"]),
        changes=tuple(Change(c["slug"], c["place"], c["before"], c["after"]) for c in record["changes"]),
        undoes=record["undoes"],
    )


def _unusable(path: Path, error: OSError) -> AuthorityError:
    return AuthorityError(f"{error.filename or path}: {system_reason(error)}")


def _write_durably(file: BinaryIO, content: bytes) -> None:
    file.write(content)
    file.flush()
    os.fsync(file.fileno())


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _sum_of(path: Path) -> str | None:
    return _sum(path.read_bytes()) if path.exists() else None
