"""The log of decisions about persons, `keputusan.jsonl` in the archive's folder, and how a decision reaches the authority file.

The log holds a line for each decision with the rows that it changed, before and after. A decision writes the new file beside the
old one, then its line, then puts the new file in the old one's place. After a crash between the last two the next decision finds
the new file and the line that names it, and finishes; whatever else is left is swept away. So the file is always an old or a new
one, and the log tells.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

from index.authority import AuthorityError
from index.drafts import Change
from index.errors import system_reason
from index.generations import flush_folder
from index.messages import gettext as _
from index.messages import ngettext
from index.settings import ArchiveFolder


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
class Decision:
    """One decision: who took it when, about which names, and the rows that it changed.

    `name` is the preferred name of the person that it is about, `names` are the others that it speaks of. `undoes` is the number of
    the decision that this one takes back, which is `undone`, `undone_by` that of the one that took this one back. `warnings` are
    told once and not kept.
    """

    number: int
    at: datetime
    by: str
    action: Action
    name: str
    names: tuple[str, ...]
    changes: tuple[Change, ...]
    undoes: int | None = None
    undone: "Decision | None" = field(default=None, compare=False)
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
            Action.UNDO: _("decision %(number)d undone", number=self.undoes or 0)
            + (f": {self.undone.summary}" if self.undone else ""),
        }[self.action]


def undoing(decision: Decision, undone: Decision | None) -> Decision:
    """Return a decision with the one that it takes back; of a chain of undone undoings two more are kept, which tells enough."""
    if undone and undone.undone:
        undone = replace(undone, undone=replace(undone.undone, undone=None))
    return replace(decision, undone=undone)


class Ledger:
    """The log and the authority file of an archive. Raises AuthorityError where one of them cannot be used."""

    def __init__(self, folder: ArchiveFolder) -> None:
        self._people = folder.people
        self._log = folder.path / "keputusan.jsonl"

    def decisions(self) -> list[Decision]:
        """Return the decisions of the log, oldest first."""
        try:
            decisions = list(map(_decision_from, self._records()))
        except (ValueError, KeyError, TypeError) as error:
            raise self._damaged() from error
        known: dict[int, Decision] = {}
        for decision in decisions:
            known[decision.number] = undoing(decision, known.get(decision.undoes or 0))
        return [known[decision.number] for decision in decisions]

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

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the log locked in the block; whoever else has it is waited for. What a crash left is finished or swept away."""
        try:
            with self._log.open("ab") as log:
                fcntl.flock(log, fcntl.LOCK_EX)
                content = self._log.read_bytes()
                if content and not content.endswith(b"\n"):
                    log.truncate(content.rfind(b"\n") + 1)
                self._finish_last()
                yield
        except OSError as error:
            raise _unusable(self._people, error) from error

    @property
    def _new(self) -> Path:
        return self._people.with_name(self._people.name + ".new")

    def carry_out(self, decision: Decision, content: bytes) -> None:
        """Write a decision to the log and what it makes of the authority file; only while the log is locked."""
        with self._new.open("wb") as file:
            if self._people.exists():
                os.fchmod(file.fileno(), self._people.stat().st_mode & 0o777)
            _write_durably(file, content)
        flush_folder(self._new.parent)
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
        if last and (last[0].get("from"), last[0].get("to")) == sums:
            self._put_in_place()
        else:
            self._new.unlink()

    def _put_in_place(self) -> None:
        self._new.replace(self._people)
        flush_folder(self._people.parent)


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
