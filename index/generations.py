"""Generations of the index: made, opened, checked, and switched.

An archive's `generations` folder holds one folder a generation and the file CURRENT, which names the live one. A generation is
a Whoosh index with, for each of its commits, a manifest that is on the disk before the commit becomes visible: it holds the
store's sequence number up to which the index knows the articles, and the checksums of all files. Whoosh's table of contents is a
pickle, so nothing is opened whose manifest and checksum do not fit.
"""

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from whoosh.codec.base import Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex

from index.errors import IndexUnusable, system_reason
from index.messages import gettext as _
from index.schema import SCHEMA, SCHEMA_VERSION

INDEX_NAME = "MAIN"
_TOC_NAME = re.compile(rf"_{INDEX_NAME}_(\d+)\.toc")
_MANIFEST_NAME = re.compile(r"manifest-(\d+)\.json")
_GENERATION_NAME = re.compile(r"\d{6}")
_OPEN_TRIES = 20


@dataclass(frozen=True, slots=True)
class FileSum:
    """Size in bytes and SHA-256 of one file."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one commit of an index holds.

    `sequence` is the store's number of the last change that is in it, `last_change` what that change was: a store put back
    from a backup may come to the same number with other changes.
    """

    commit: int
    sequence: int
    schema_version: str
    zone: str
    toc_sha256: str
    files: dict[str, FileSum] = field(default_factory=dict)
    last_change: str = ""


def manifest_from(text: str) -> Manifest:
    """Return the manifest that `text` holds; raise ValueError, KeyError or TypeError where it holds none."""
    values = json.loads(text)
    values["files"] = {name: FileSum(**values_of) for name, values_of in values["files"].items()}
    return Manifest(**values)


class CommitStorage(FileStorage):  # type: ignore[misc, unused-ignore]  # Whoosh 2.7.4 has no types
    """Whoosh's storage with commits that survive a power cut and that carry a manifest.

    Whoosh makes a commit visible by renaming its table of contents. Before that, every file of the index and the manifest
    are flushed to the disk, then the folder; after it, the folder again.
    """

    def __init__(self, path: Path, zone: str) -> None:
        super().__init__(str(path))
        self.path = path
        self.zone = zone
        self.sequence = 0  # of the commit to come
        self.last_change = ""  # of the commit to come
        self.segment_ids: set[str] = set()  # of the commit to come
        self._known: dict[str, FileSum] = {}  # segments never change

    def adopt(self, manifest: Manifest) -> None:
        """Take over sequence number, last change and checksums of an earlier commit."""
        self.know(manifest.files)
        self.sequence, self.last_change = manifest.sequence, manifest.last_change

    def know(self, sums: Mapping[str, FileSum]) -> None:
        """Take the checksums of files that are on the disk already."""
        self._known.update(sums)

    def size_of(self, segments: Sequence[Segment]) -> int:
        """Return how many bytes the files of these segments take."""
        ids = {segment.segment_id() for segment in segments}
        return sum(known.size for name, known in self._known.items() if name.split(".")[0] in ids)

    def delete_dropped(self) -> None:
        """Delete the files of segments that are no longer part of the index; others are still being written beside them."""
        for name in [name for name in self._known if name.split(".")[0] not in self.segment_ids]:
            del self._known[name]
            (self.path / name).unlink()

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Rename a file; for a table of contents this is the commit."""
        match = _TOC_NAME.fullmatch(newname)
        if match is None:
            super().rename_file(oldname, newname, safe=safe)
            return
        toc = self.path / oldname
        manifest = Manifest(
            commit=int(match[1]),
            sequence=self.sequence,
            last_change=self.last_change,
            schema_version=SCHEMA_VERSION,
            zone=self.zone,
            toc_sha256=_flushed_sum(toc).sha256,
            files={n: s for n, s in sorted(self._known.items()) if n.split(".")[0] in self.segment_ids},
        )
        write_durably(_manifest_path(self.path, manifest.commit), json.dumps(asdict(manifest), indent=1))
        super().rename_file(oldname, newname, safe=safe)
        flush_folder(self.path)


def segment_sums(generation: Path, segment_id: str) -> dict[str, FileSum]:
    """Flush the files of one segment to the disk and return their checksums."""
    paths = (path for path in generation.iterdir() if path.name.split(".")[0] == segment_id)
    return {path.name: _flushed_sum(path) for path in paths}


def commit(storage: CommitStorage, segments: Sequence[Segment]) -> None:
    """Make these the segments of the index, with the storage's sequence number, at once and durably; delete all others."""
    number = newest_commit(storage.path) + 1
    storage.segment_ids = {segment.segment_id() for segment in segments}
    TOC(SCHEMA, list(segments), number).write(storage, INDEX_NAME)
    storage.delete_dropped()
    for path in storage.path.iterdir():
        match = _TOC_NAME.fullmatch(path.name) or _MANIFEST_NAME.fullmatch(path.name)
        if match and int(match[1]) < number:
            path.unlink()


def segments_of(generation: Path) -> list[Segment]:
    """Return the segments of the newest commit of a generation, which `open_for_writing` has checked."""
    storage = FileStorage(str(generation), readonly=True)
    return list(TOC.read(storage, INDEX_NAME, gen=newest_commit(generation), schema=SCHEMA).segments)


@dataclass(frozen=True, slots=True)
class OpenCommit:
    """One commit of a generation, checked and read: what an engine opens its segments from."""

    path: Path
    manifest: Manifest
    storage: FileStorage
    toc: TOC


def current_generation(generations: Path) -> Path | None:
    """Return the folder of the live generation, None where there is none yet."""
    try:
        name = (generations / "CURRENT").read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        return None
    if not _GENERATION_NAME.fullmatch(name):
        raise IndexUnusable(generations, _("the file CURRENT names no generation"))
    return generations / name


def newest_commit(generation: Path) -> int:
    """Return the number of the newest commit of a generation, -1 where there is none."""
    return max((int(m[1]) for path in generation.iterdir() if (m := _TOC_NAME.fullmatch(path.name))), default=-1)


def read_manifest(generation: Path, commit: int) -> Manifest:
    """Return the manifest of a commit; raise IndexUnusable where it is absent, damaged or of another version."""
    path = _manifest_path(generation, commit)
    try:
        manifest = manifest_from(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnusable(path, _("the manifest of the index cannot be read (%(error)s)", error=error)) from error
    if manifest.schema_version != SCHEMA_VERSION:
        reason = _(
            "the index has version %(found)s, this program needs %(needed)s",
            found=manifest.schema_version,
            needed=SCHEMA_VERSION,
        )
        raise IndexUnusable(generation, reason)
    return manifest


def open_commit(generations: Path) -> OpenCommit:
    """Return the newest commit of the live generation; raise IndexUnusable where none can be opened.

    A commit may be replaced while it is opened; then the next one is tried.
    """
    for _attempt in range(_OPEN_TRIES):
        generation = current_generation(generations)
        if generation is None:
            break
        commit = -1
        try:
            commit = newest_commit(generation)
            return _open(generation, commit)
        except (FileNotFoundError, IndexUnusable) as error:
            if _is_current(generation, commit):
                if isinstance(error, IndexUnusable):
                    raise
                raise IndexUnusable(generation, system_reason(error)) from error
    raise IndexUnusable(generations, _("there is no index yet"))


class Watch:
    """The newest commit, looked up once; a look at two folders' times tells whether there can be a newer one."""

    QUIET_SECONDS = 0.1  # what changed so short before it was looked at may have changed again within the clock's tick

    def __init__(self, generations: Path | None = None) -> None:
        """Look for the newest commit; without a folder there is none, and it is never quiet."""
        self._folders: tuple[Path, ...] = ()
        self._times: tuple[int, ...] = ()
        self.newest: tuple[Path | None, int] = (None, -1)
        if generations is None:
            return
        live = current_generation(generations)
        self._folders = (generations, live) if live else (generations,)
        times = self._changed()
        self.newest = (live, newest_commit(live) if live else -1)
        if times and max(times) < time.time_ns() - self.QUIET_SECONDS * 1e9:
            self._times = times

    def is_quiet(self) -> bool:
        """Say whether there is no newer commit for sure."""
        return bool(self._times) and self._changed() == self._times

    def _changed(self) -> tuple[int, ...]:
        try:
            return tuple(folder.stat().st_mtime_ns for folder in self._folders)
        except FileNotFoundError:
            return ()


def make_generation(generation: Path, zone: str) -> CommitStorage:
    """Make an empty index in a new folder and return its storage."""
    generation.mkdir(parents=True)
    storage = CommitStorage(generation, zone)
    FileIndex.create(storage, SCHEMA, INDEX_NAME)
    return storage


def open_for_writing(generation: Path, zone: str) -> CommitStorage:
    """Return the storage of an existing generation, cleaned of what interrupted writers left.

    Only the process that holds the archive's lock may call this. Raises IndexUnusable for another version or zone, and where
    a file is not as it was written.
    """
    try:
        manifest = _checked_manifest(generation, newest_commit(generation))
    except FileNotFoundError as error:
        raise IndexUnusable(generation, system_reason(error)) from error
    if manifest.zone != zone:
        reason = _("the index was made for the time zone %(found)s, not %(needed)s", found=manifest.zone, needed=zone)
        raise IndexUnusable(generation, reason)
    _delete_leftovers(generation, manifest)
    storage = CommitStorage(generation, zone)
    storage.adopt(manifest)
    return storage


def switch_to(generation: Path) -> None:
    """Make `generation` the live one, at once and durably, and delete all others."""
    generations = generation.parent
    write_durably(generations / "CURRENT", generation.name + "\n")
    delete_others(generation)


def delete_others(generation: Path) -> None:
    """Delete every generation but this one."""
    for path in generation.parent.iterdir():
        if _GENERATION_NAME.fullmatch(path.name) and path != generation:
            shutil.rmtree(path)


def newer_generations(generations: Path, live: Path | None) -> list[Path]:
    """Return the folders of generations after the live one, oldest first: rebuilds that were not finished."""
    names = (p for p in generations.iterdir() if _GENERATION_NAME.fullmatch(p.name)) if generations.exists() else ()
    return sorted(p for p in names if live is None or p.name > live.name)


def next_generation(generations: Path, live: Path | None) -> Path:
    """Return the folder that a new generation goes to."""
    number = int(live.name) + 1 if live else 1
    return generations / f"{number:06}"


def faults(generation: Path, report: Callable[[str], None]) -> int:
    """Compare all files of the newest commit with their checksums, report each that differs, return how many do."""
    manifest = read_manifest(generation, newest_commit(generation))
    found = 0
    for name, known in manifest.files.items():
        path = generation / name
        if not path.exists():
            report(_("%(path)s is missing", path=path))
        elif _file_sum(path) != known:
            report(_("%(path)s is damaged: its checksum differs", path=path))
        else:
            continue
        found += 1
    return found


def write_durably(path: Path, text: str) -> None:
    """Write a small file so that after a power cut it holds either the old text or the new."""
    new = path.with_name(path.name + ".new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    flush_folder(path.parent)


def _open(generation: Path, commit: int) -> OpenCommit:
    manifest = _checked_manifest(generation, commit)
    storage = FileStorage(str(generation), readonly=True)
    return OpenCommit(generation, manifest, storage, TOC.read(storage, INDEX_NAME, gen=commit, schema=SCHEMA))


def _checked_manifest(generation: Path, commit: int) -> Manifest:
    """Return the manifest of a commit whose table of contents is the one written and whose files have their sizes."""
    manifest = read_manifest(generation, commit)
    _check_toc(generation, manifest)
    for name, known in manifest.files.items():
        if (generation / name).stat().st_size != known.size:
            raise IndexUnusable(generation / name, _("the file has not the size it was written with"))
    return manifest


def _is_current(generation: Path, commit: int) -> bool:
    """Say whether this is still the newest commit, so that what was found wrong with it is wrong."""
    try:
        return current_generation(generation.parent) == generation and newest_commit(generation) == commit
    except FileNotFoundError:
        return False


def _check_toc(generation: Path, manifest: Manifest) -> None:
    path = generation / f"_{INDEX_NAME}_{manifest.commit}.toc"
    if _file_sum(path).sha256 != manifest.toc_sha256:
        raise IndexUnusable(path, _("the table of contents is not the one that was written"))


def _manifest_path(generation: Path, commit: int) -> Path:
    return generation / f"manifest-{commit}.json"


def _delete_leftovers(generation: Path, manifest: Manifest) -> None:
    """Delete what no commit names: segments half written, older manifests, temporary files."""
    kept = {*manifest.files, f"_{INDEX_NAME}_{manifest.commit}.toc", _manifest_path(generation, manifest.commit).name}
    for path in generation.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name not in kept:
            path.unlink()


def _file_sum(path: Path) -> FileSum:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return FileSum(file.tell(), digest)


def _flushed_sum(path: Path) -> FileSum:
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return _file_sum(path)


def flush_folder(folder: Path) -> None:
    """Make sure that the names of a folder's files outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
