"""Decisions about persons: they change rows of the authority file (`index.drafts`) and are logged (`index.ledger`)."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from index.authority import COLUMNS, REFUSED, Ambiguous, AuthorityError, authority_from, several_people
from index.drafts import Cells, Draft, called, checked_name, filled, merged_cells, other_person, unlike
from index.ledger import Action, Decision, Ledger, undoing
from index.messages import gettext as _
from index.namekeys import name_key
from index.registers import Register, RegisterUnusable, line_problem, one_line, read_register, register_text
from index.settings import ArchiveFolder

__all__ = ["Action", "Decision", "Decisions", "Merged"]

_MOST_WAYS = 2_000  # sets of later decisions that are looked at for a way back to an earlier one


class Decisions:
    """The decisions about an archive's persons. Any number of processes and threads may decide at once: one waits for the other."""

    def __init__(self, folder: ArchiveFolder) -> None:
        self._people = folder.people
        self._ledger = Ledger(folder)

    def accept(
        self, by: str, name: str, *, preferred: str | None = None, aliases: Iterable[str] = (), role: str | None = None
    ) -> Decision:
        """Give a name a record, called `preferred` if that is given; one that was refused is accepted again.

        Like all decisions this raises AuthorityError, which says why, where it cannot be done: here, where a person has the name.
        """

        def change(draft: Draft) -> _Told:
            typed, wanted = checked_name(name), checked_name(preferred or name)
            for known in (typed, wanted):
                draft.refuse_taken(known)
            slug = draft.refused_slug(typed) or draft.refused_slug(wanted) or draft.free_slug(wanted)
            others = [*draft.names(slug), *map(checked_name, (typed, *aliases))]
            told = {"status": "", **({"role": one_line(role)} if role else {})}
            draft.put(slug, called({**draft.cells(slug), **told}, wanted, others))
            draft.take_from_refused(slug)
            return _Told(slug, tuple(dict.fromkeys(unlike(others, wanted))))

        return self._decide(by, Action.ACCEPT, change)

    def merge(self, by: str, sources: Iterable[str], into: str) -> Decision:
        """Give the person `into` the names of `sources`, slugs or names; a record among them goes up in that of `into`.

        What `into` does not say (role, Wikidata id, note, other columns) is taken from them in turn. A name without a
        record may be meant by both.
        """

        def change(draft: Draft) -> _Told:
            slug = draft.slug_to_merge_into(into)
            moved = [name for source in dict.fromkeys(sources) for name in draft.give_up(source, slug)]
            draft.put(slug, called(draft.cells(slug), draft.name(slug), (*draft.names(slug), *moved)))
            draft.take_from_refused(slug)
            return _Told(slug, tuple(moved))

        return self._decide(by, Action.MERGE, change)

    def split(self, by: str, slug: str, name: str, *, spellings: Iterable[str] = ()) -> Decision:
        """Make a person of its own of a name that the person `slug` has, or is taken for by its spelling.

        A candidate, named as articles name it, gets a record on the way: it is known by its `spellings`, which stay its own but for
        this one.
        """

        def change(draft: Draft) -> _Told:
            made = None
            others = tuple(spellings)
            if others and draft.known(slug) is None and draft.authority.resolve(slug) is None:
                wanted = checked_name(slug)
                made = draft.free_slug(wanted)
                draft.put(made, called({}, wanted, unlike(map(checked_name, others), name)))
            person, typed = draft.person(made or slug), checked_name(name)
            if name_key(typed) == name_key(person.name):
                raise AuthorityError(_('"%(name)s" is the preferred name of this person', name=person.name))
            is_alias = name_key(typed) in map(name_key, person.aliases)
            if not is_alias and draft.authority.resolve(typed) != person:
                raise draft.no_alias(person, typed)
            if is_alias:
                draft.put(person.slug, called(draft.cells(person.slug), person.name, unlike(person.aliases, typed)))
            draft.refuse_taken(typed)
            own = draft.free_slug(typed)
            draft.put(own, {"name": typed})
            draft.take_from_refused(own)
            told = _("%(name)s had no record, and has one now: %(slug)s", name=person.name, slug=person.slug)
            return _Told(person.slug, (typed,), warnings=(told,) if made else ())

        return self._decide(by, Action.SPLIT, change)

    def add_alias(self, by: str, slug: str, name: str) -> Decision:
        """Give the person `slug` one more name."""

        def change(draft: Draft) -> _Told:
            person, typed = draft.person(slug), checked_name(name)
            if name_key(typed) in map(name_key, person.names):
                raise AuthorityError(_('"%(name)s" is a name of %(person)s already', name=typed, person=person.name))
            draft.put(person.slug, called(draft.cells(person.slug), person.name, (*person.aliases, typed)))
            draft.take_from_refused(person.slug)
            return _Told(person.slug, (typed,))

        return self._decide(by, Action.ADD_ALIAS, change)

    def remove_alias(self, by: str, slug: str, name: str) -> Decision:
        """Take an alias from the person `slug`."""

        def change(draft: Draft) -> _Told:
            person, typed = draft.person(slug), checked_name(name)
            kept = unlike(person.aliases, typed)
            if len(kept) == len(person.aliases):
                raise draft.no_alias(person, typed)
            draft.put(person.slug, called(draft.cells(person.slug), person.name, kept))
            return _Told(person.slug, (typed,))

        return self._decide(by, Action.REMOVE_ALIAS, change)

    def refuse(self, by: str, name: str, *, aliases: Iterable[str] = ()) -> Decision:
        """Note that a name, and `aliases` that no person has, are no person's; a record keeps what else it says."""

        def change(draft: Draft) -> _Told:
            found = draft.known(name)
            if isinstance(found, Ambiguous):
                raise several_people(name, found)
            if found is None:
                typed = checked_name(name)
                others = [alias for alias in map(checked_name, aliases) if draft.exact(alias) is None]
                slug = draft.free_slug(typed)
                draft.put(slug, called({"status": REFUSED}, typed, others))
                return _Told(slug, tuple(others))
            if found.is_refused:
                raise AuthorityError(_('"%(name)s" is refused already', name=found.name))
            if name != found.slug and name_key(name) != name_key(found.name):
                raise other_person(name, found)
            draft.put(found.slug, {**draft.cells(found.slug), "status": REFUSED})
            return _Told(found.slug)

        return self._decide(by, Action.REFUSE, change)

    def edit(
        self, by: str, slug: str, *, name: str, role: str | None, wikidata: str | None, note: str | None
    ) -> Decision:
        """Write a record anew; None stands for nothing. A former preferred name becomes an alias."""

        def change(draft: Draft) -> _Told:
            person, typed = draft.person(slug), checked_name(name)
            if name_key(typed) not in map(name_key, person.names):
                draft.refuse_taken(typed)
            before = draft.cells(person.slug)
            told = {"role": one_line(role or ""), "wikidata": one_line(wikidata or ""), "note": one_line(note or "")}
            draft.put(person.slug, called({**before, **told}, typed, (person.name, *person.aliases)))
            draft.take_from_refused(person.slug)
            return _Told(person.slug, tuple(unlike([person.name], typed)))

        return self._decide(by, Action.EDIT, change)

    def merge_rows(self, by: str, register: Register) -> "Merged":
        """Merge the records of another table into the file, row by row, as one decision.

        A row means the record of its slug, else the one that has its name exactly, else a new one. What a row says replaces
        what the record says; what it leaves out stays, and all names do. A record is refused or accepted again only by a
        table that has the column for it. Rows that cannot be merged are told in `problems`.
        """
        merged = Merged()

        def change(draft: Draft) -> _Told:
            merged.problems.extend(register.problems)
            told = {line.cells.get("slug", "") for line in register.lines}
            for line in register.lines:
                try:
                    slug = draft.slug_of_row(line.cells, told, has_status="status" in line.cells)
                    before = draft.cells(slug)
                    draft.put(slug, merged_cells(before, line.cells, has_status="status" in line.cells))
                except AuthorityError as error:
                    merged.problems.append(line_problem(line.number, str(error)))
                    continue
                is_same = filled(before) == filled(draft.cells(slug))
                kind = merged.unchanged if is_same else merged.changed if before else merged.new
                kind.append(draft.name(slug))
            return _Told("")

        merged.decision = self._decide_or_leave(by, Action.IMPORT, change)
        return merged

    def undo(self, by: str, number: int) -> Decision:
        """Put the rows back that a decision changed, where they are as it left them; an undo can be undone, too."""

        def change(draft: Draft) -> _Told:
            log = self._ledger.decisions()
            undone = next((decision for decision in log if decision.number == number), None)
            if undone is None:
                raise AuthorityError(_("there is no decision %(number)d", number=number))
            if later := _undone_by(log).get(number):
                raise AuthorityError(
                    _("decision %(number)d is undone already, by decision %(by)d", number=number, by=later)
                )
            changed = [c.slug for c in undone.changes if filled(draft.cells(c.slug)) != filled(c.after or {})]
            if changed:
                raise _in_the_way(undone, changed, log, draft)
            for change in undone.changes:
                if change.before is None:
                    draft.drop(change.slug)
            for change in sorted(undone.changes, key=lambda change: change.place):
                if change.before is not None:
                    draft.put(change.slug, change.before, place=change.place)
            return _Told("", undone.names, name=undone.name, undone=undone)

        return self._decide(by, Action.UNDO, change)

    def log(self, limit: int | None = None) -> list[Decision]:
        """Return the newest decisions, newest first, all without a limit; one that was undone says by which."""
        log = self._ledger.decisions()
        undone_by = _undone_by(log)
        newest = log[::-1] if limit is None else log[: -limit - 1 : -1]
        return [replace(decision, undone_by=undone_by.get(decision.number)) for decision in newest]

    def _decide(self, by: str, action: Action, change: "Callable[[Draft], _Told]") -> Decision:
        decision = self._decide_or_leave(by, action, change)
        if decision is None:
            raise AuthorityError(_("the file says that already; nothing is changed"))
        return decision

    def _decide_or_leave(self, by: str, action: Action, change: "Callable[[Draft], _Told]") -> Decision | None:
        """Carry a decision out; return None where it changes no row."""
        with self._ledger.locked():
            draft = self._draft()
            told = change(draft)
            changes = draft.changes()
            if not changes:
                return None
            log = self._ledger.decisions()
            decision = Decision(
                number=log[-1].number + 1 if log else 1,
                at=datetime.now(UTC).replace(microsecond=0),
                by=by,
                action=action,
                name=told.name or (draft.name(told.slug) if told.slug else ""),
                names=told.names,
                changes=changes,
                undoes=told.undone.number if told.undone else None,
                warnings=(*told.warnings, *draft.warnings(change.slug for change in changes)),
            )
            self._ledger.carry_out(decision, register_text(draft.register(), COLUMNS).encode())
            return undoing(decision, told.undone)

    def _draft(self) -> "Draft":
        register = read_register(self._people, COLUMNS)
        problems = authority_from(register).problems
        if problems:
            raise AuthorityError(str(RegisterUnusable(self._people, problems)))
        return Draft(register)


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
    """What the log is to tell of a decision: the record that it is about, by slug or by name, and other names.

    `undone` is the decision that it takes back; `warnings` are what whoever decides is told beside it.
    """

    slug: str
    names: tuple[str, ...] = ()
    name: str = ""
    undone: Decision | None = None
    warnings: tuple[str, ...] = ()


def _undone_by(log: Sequence[Decision]) -> dict[int, int]:
    """Return of each decision that is undone by which one, numbers both; one whose undoing was undone itself is in force."""
    undone: dict[int, int] = {}
    for decision in reversed(log):
        if decision.undoes is not None and decision.number not in undone:
            undone[decision.undoes] = decision.number
    return undone


def _in_the_way(undone: Decision, changed: Sequence[str], log: Sequence[Decision], draft: Draft) -> AuthorityError:
    """Return the error for a decision whose records `changed` are not as it left them: what has to be undone before it."""
    way = _way_back(undone, log, draft)
    if not way:
        return AuthorityError(_("the record %(slug)s was changed by hand since; change it there", slug=changed[0]))
    told = ", ".join(f"{decision.number} ({decision.summary})" for decision in way)
    slugs = ", ".join(changed)
    if len(way) == 1:
        return AuthorityError(
            _("decision %(told)s has changed %(slugs)s since; undo that first", told=told, slugs=slugs)
        )
    return AuthorityError(
        _("decisions have changed %(slugs)s since; undo them first, in this order: %(told)s", told=told, slugs=slugs)
    )


def _way_back(undone: Decision, log: Sequence[Decision], draft: Draft) -> tuple[Decision, ...]:
    """Return the fewest later decisions in force whose undoing, in this order, leaves the records as `undone` left them.

    What two decisions did and undid between them is in nobody's way. Empty where there is no such way, which is a change by hand.
    """
    by_number = _undone_by(log)
    later = [
        decision
        for decision in log[log.index(undone) + 1 :]
        if decision.number not in by_number and (decision.undoes is None or decision.undoes < undone.number)
    ]
    wanted = {change.slug: filled(change.after or {}) for change in undone.changes}
    slugs, known = set(wanted), 0
    while known < len(slugs):  # until no decision joins one more record to them
        known = len(slugs)
        joining = [[change.slug for change in decision.changes] for decision in later]
        slugs.update(slug for joined in joining if not slugs.isdisjoint(joined) for slug in joined)
    later = [decision for decision in later if any(change.slug in slugs for change in decision.changes)]
    start: Mapping[str, Cells] = {slug: filled(draft.cells(slug)) for slug in slugs}
    waiting: deque[tuple[tuple[Decision, ...], Mapping[str, Cells]]] = deque([((), start)])
    seen = {frozenset[int]()}
    while waiting and len(seen) < _MOST_WAYS:
        way, rows = waiting.popleft()
        if all(rows[slug] == cells for slug, cells in wanted.items()):
            return way
        for decision in reversed(later):
            numbers = frozenset((decision.number, *(taken.number for taken in way)))
            is_last = all(rows[change.slug] == filled(change.after or {}) for change in decision.changes)
            if is_last and numbers not in seen:
                seen.add(numbers)
                before = {change.slug: filled(change.before or {}) for change in decision.changes}
                waiting.append(((*way, decision), {**rows, **before}))
    return ()
