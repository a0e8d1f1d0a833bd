"""A Whoosh codec whose postings are arrays in one mapped file per segment (`index.postingsfile`).

Term dictionary, columns and table of contents are Whoosh's own.
"""

import struct
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from whoosh import fields, formats
from whoosh.codec import base
from whoosh.codec.whoosh3 import W3Codec, W3PerDocReader
from whoosh.filedb.filestore import FileStorage
from whoosh.matching.mcore import LeafMatcher, ListMatcher, ReadTooFar
from whoosh.reading import TermNotFound
from whoosh.util.numeric import length_to_byte

from index.postingsfile import (
    FOREIGN,
    INFO,
    LAST_POSITION,
    MOST_OCCURRENCES,
    PLAIN,
    TERM_INFO,
    WIDE,
    ArrayTermInfo,
    PostingsFile,
    Sections,
    TermPostings,
    create_postings,
    drop_anchors,
    wide_blob,
)
from index.termfile import TermFile, write_term_file

POSITIONS = formats.Positions()


class ArrayCodec(W3Codec):  # type: ignore[misc, unused-ignore]  # Whoosh 2.7.4 has no types
    """The codec; for files in a folder alone, since they are mapped."""

    def field_writer(self, storage: FileStorage, segment: base.Segment) -> "ArrayFieldWriter":
        """Return what Whoosh's own writers give their postings to."""
        return ArrayFieldWriter(storage, segment)

    def terms_reader(self, storage: FileStorage, segment: base.Segment) -> "ArrayTermsReader":
        """Return the reader of a segment's terms and postings."""
        return ArrayTermsReader(self, storage, segment)

    def per_document_reader(self, storage: FileStorage, segment: base.Segment) -> W3PerDocReader:
        """Return Whoosh's own reader of columns, for segments without stored fields too."""
        return _PerDocReader(storage, segment)


class _PerDocReader(W3PerDocReader):  # type: ignore[misc, unused-ignore]
    def stored_fields(self, docnum: int) -> dict[str, object]:
        if not self.has_column("_stored"):
            return {}
        found: dict[str, object] = super().stored_fields(docnum)
        return found


def segment_path(storage: FileStorage, segment: base.Segment, extension: str) -> Path:
    """Return the path of one of a segment's files."""
    return Path(storage.folder, segment.make_filename(extension))


class ArrayFieldWriter(base.FieldWriter):  # type: ignore[misc, unused-ignore]
    """Takes postings one at a time, as Whoosh's writers give them, and writes both files at the end."""

    def __init__(self, storage: FileStorage, segment: base.Segment) -> None:
        self._storage, self._segment = storage, segment
        self._fieldmap: dict[str, int] = {}
        self._format: formats.Format | None = POSITIONS
        self._keys: list[bytes] = []
        self._infos: list[bytes] = []
        self._documents: list[int] = []
        self._bodies: list[int] = []
        self._positions: list[int] = []
        self._blob = bytearray()
        self._term: list[tuple[int, float, bytes, int]] = []
        self.is_closed = False

    def start_field(self, fieldname: str, fieldobj: fields.FieldType) -> None:
        """Begin a field; fields come in order."""
        self._fieldmap.setdefault(fieldname, len(self._fieldmap))
        self._prefix = struct.pack("!H", self._fieldmap[fieldname])
        self._format = fieldobj.format

    def start_term(self, text: bytes) -> None:
        """Begin a term; terms come in order."""
        self._keys.append(self._prefix + text)
        self._term = []

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int | None) -> None:
        """Take one posting."""
        self._term.append((docnum, weight, vbytes, length or 0))

    def finish_term(self) -> None:
        """Note the term's entry in the dictionary and put its postings behind those of the terms before."""
        documents, weights, values, lengths = zip(*self._term, strict=True)
        first, place, wide = len(self._documents), len(self._positions), len(self._blob)
        kind, occurrences = self._take_postings(weights, values)
        self._documents.extend(documents)
        self._bodies.extend(min(count, MOST_OCCURRENCES) for count in occurrences)
        self._infos.append(
            INFO.pack(
                kind, sum(weights), len(documents), length_to_byte(min(lengths)), length_to_byte(max(lengths)),
                max(weights), documents[0], documents[-1], first, place, wide,
            )
        )  # fmt: skip

    def _take_postings(self, weights: Sequence[float], values: Sequence[bytes]) -> tuple[int, list[int]]:
        """Keep positions, or what a posting has instead; return the kind of the term and its occurrences."""
        if type(self._format) is formats.Positions:
            places = [POSITIONS.decode_positions(value) for value in values]
            counts = [len(several) for several in places]
            if counts == [float(weight) for weight in weights] and all(s == sorted(s) for s in places):
                flat = [position for several in places for position in several]
                self._positions.extend(min(position, LAST_POSITION) for position in flat)
                if max(counts) <= MOST_OCCURRENCES and max(flat) <= LAST_POSITION:
                    return 0, counts
                self._blob += wide_blob([0] * len(counts), counts, flat)
                return WIDE, counts
        elif not any(values) and all(weight == 1.0 for weight in weights):
            return PLAIN, [1] * len(weights)
        self._blob += np.asarray(weights, "<f4").tobytes() + np.asarray(list(map(len, values)), "<u4").tobytes()
        self._blob += b"".join(values)
        return FOREIGN | PLAIN, [1] * len(weights)

    def close(self) -> None:
        """Write both files."""
        path = segment_path(self._storage, self._segment, W3Codec.POSTS_EXT)
        sections = create_postings(path, len(self._documents), len(self._positions), bytes(self._blob))
        sections.documents[:] = self._documents
        sections.heads[:] = 0
        sections.bodies[:] = self._bodies
        sections.leads[:] = 0
        drop_anchors(sections)
        sections.positions[:] = self._positions
        sections.flush()
        path = segment_path(self._storage, self._segment, W3Codec.TERMS_EXT)
        write_term_file(path, self._keys, b"".join(self._infos), {"fieldmap": self._fieldmap})
        self.is_closed = True


class ArrayTermsReader(base.TermsReader):  # type: ignore[misc, unused-ignore]
    """A segment's terms and postings, for Whoosh's own queries and, by `info` and `postings`, for ours. Safe for threads."""

    def __init__(self, codec: ArrayCodec, storage: FileStorage, segment: base.Segment) -> None:
        self._codec = codec
        self._terms = TermFile(segment_path(storage, segment, W3Codec.TERMS_EXT))
        self._file = PostingsFile(segment_path(storage, segment, W3Codec.POSTS_EXT))
        fieldmap = self._terms.extras["fieldmap"]
        self._fields: dict[str, int] = fieldmap if isinstance(fieldmap, dict) else {}
        self._names = {number: name for name, number in self._fields.items()}

    @property
    def sections(self) -> Sections:
        """The arrays of the postings file, over all terms."""
        return self._file.sections

    def info(self, fieldname: str, text: bytes) -> ArrayTermInfo | None:
        """Return the entry of a term, None where the segment has none such."""
        number = self._fields.get(fieldname)
        record = None if number is None else self._terms.get(struct.pack("!H", number) + text)
        return None if record is None else ArrayTermInfo(record)

    def infos_from(self, fieldname: str, text: bytes) -> Iterator[tuple[bytes, ArrayTermInfo]]:
        """Yield the terms of one field in order, from the first that is not before `text`, with their entries."""
        if fieldname not in self._fields:
            return
        prefix = struct.pack("!H", self._fields[fieldname])
        for key, record in self._terms.items_from(prefix + text):
            if not key.startswith(prefix):
                return
            yield key[len(prefix) :], ArrayTermInfo(record)

    def frequent(self, fieldname: str, least: int) -> tuple[list[str], npt.NDArray[np.uint32]]:
        """Return the terms of one field that at least so many documents have, in order, and how many have each."""
        number = self._fields.get(fieldname)
        if number is None:
            return [], np.zeros(0, dtype=np.uint32)
        begin, end = (self._terms.rank_from(struct.pack("!H", prefix)) for prefix in (number, number + 1))
        entries = self._terms.values(begin, end)
        documents = np.frombuffer(entries.tobytes(), TERM_INFO)["documents"].astype(np.uint32)
        kept = np.flatnonzero(documents >= least)
        return [self._terms.item(begin + rank)[0][2:].decode() for rank in kept.tolist()], documents[kept]

    def postings(self, info: ArrayTermInfo) -> TermPostings:
        """Return the postings of the term with this entry."""
        return TermPostings(self._file, info)

    # --- what Whoosh asks

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self.info(*term) is not None

    def indexed_field_names(self) -> Iterable[str]:
        """Return the names of the fields that have terms."""
        return self._fields.keys()

    def cursor(self, fieldname: str, fieldobj: fields.FieldType) -> "ArrayCursor":
        """Return a cursor over a field's terms."""
        return ArrayCursor(self, fieldname, fieldobj)

    def items(self) -> Iterator[tuple[tuple[str, bytes], ArrayTermInfo]]:
        """Yield all terms with their statistics, in order."""
        return self._items_from(b"")

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], ArrayTermInfo]]:
        """Yield the terms from the first that is not before this one."""
        return self._items_from(struct.pack("!H", self._fields.get(fieldname, LAST_POSITION)) + prefix)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Yield all terms in order."""
        return (term for term, _info in self.items())

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield the terms from the first that is not before this one."""
        return (term for term, _info in self.items_from(fieldname, prefix))

    def _items_from(self, key: bytes) -> Iterator[tuple[tuple[str, bytes], ArrayTermInfo]]:
        for found, record in self._terms.items_from(key):
            (number,) = struct.unpack_from("!H", found)
            yield (self._names[number], found[2:]), ArrayTermInfo(record)

    def term_info(self, fieldname: str, text: bytes) -> ArrayTermInfo:
        """Return the statistics of a term; raise TermNotFound."""
        found = self.info(fieldname, text)
        if found is None:
            raise TermNotFound(f"{fieldname}:{text!r}")
        return found

    def frequency(self, fieldname: str, text: bytes) -> float:
        """Return how often a term occurs; raise KeyError where it does not."""
        return float(self._known(fieldname, text).weight())

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Return how many documents have a term; raise KeyError where none has."""
        return self._known(fieldname, text).documents

    def _known(self, fieldname: str, text: bytes) -> ArrayTermInfo:
        found = self.info(fieldname, text)
        if found is None:
            raise KeyError(text)
        return found

    def matcher(self, fieldname: str, text: bytes, format_: formats.Format, scorer: object = None) -> "ArrayMatcher":
        """Return an ordinary matcher over a term's postings; raise TermNotFound."""
        info = self.term_info(fieldname, text)
        return ArrayMatcher(self.postings(info), info, format_, scorer, (fieldname, text))

    def forget_pages(self) -> None:
        """Give back the memory that both mappings hold."""
        self._terms.forget_pages()
        self._file.forget_pages()

    def close(self) -> None:
        """Let the files go."""
        self._terms.close()
        self._file.close()


class ArrayCursor(base.FieldCursor):  # type: ignore[misc, unused-ignore]
    """Walks through the terms of one field, which Whoosh's automata do."""

    def __init__(self, reader: ArrayTermsReader, fieldname: str, fieldobj: fields.FieldType) -> None:
        self._reader, self._fieldname, self._fieldobj = reader, fieldname, fieldobj
        self.first()

    def first(self) -> str | None:
        """Go to the first term and return it."""
        self._items = self._reader.infos_from(self._fieldname, b"")
        return self.next()

    def find(self, term: str | bytes) -> str | None:
        """Go to the first term that is not before this one and return it."""
        text = term if isinstance(term, bytes) else self._fieldobj.to_bytes(term)
        self._items = self._reader.infos_from(self._fieldname, text)
        return self.next()

    def next(self) -> str | None:
        """Go to the next term and return it, None at the end."""
        self._current = next(self._items, None)
        return self.text()

    def text(self) -> str | None:
        """Return the term here."""
        return None if self._current is None else str(self._fieldobj.from_bytes(self._current[0]))

    def term_info(self) -> ArrayTermInfo | None:
        """Return the statistics of the term here."""
        return None if self._current is None else self._current[1]

    def is_valid(self) -> bool:
        """Say whether there is a term here."""
        return self._current is not None


class ArrayMatcher(ListMatcher):  # type: ignore[misc, unused-ignore]
    """Whoosh's matcher interface over arrays: one block, values encoded when they are asked for."""

    spans = LeafMatcher.spans
    items_as = LeafMatcher.items_as

    def __init__(
        self,
        postings: TermPostings,
        info: ArrayTermInfo,
        format_: formats.Format,
        scorer: object,
        term: tuple[str, bytes],
        position: int = 0,
    ) -> None:
        weights: list[float] | None = None
        values: Sequence[bytes] = _NoValues(info.documents)
        if info.kind & FOREIGN:
            weights, values = postings.foreign()
        elif not info.kind & PLAIN:
            weights = postings.occurrences.astype(float).tolist()
            values = _PositionValues(postings)
        super().__init__(
            postings.documents.tolist(), weights, values, format_, scorer, position, term=term, terminfo=info
        )
        self.format, self._postings, self._info = format_, postings, info

    def copy(self) -> "ArrayMatcher":
        """Return a matcher that stands where this one does."""
        return ArrayMatcher(self._postings, self._info, self.format, self._scorer, self._term, self._i)

    def id(self) -> int:
        """Return the document here; behind the end the last one, which Whoosh's own matcher of differences asks for."""
        return int(self._ids[min(self._i, len(self._ids) - 1)])

    def skip_to(self, id: int) -> None:
        """Go to the first document that is not before this one."""
        if not self.is_active():
            raise ReadTooFar
        if id > self._ids[self._i]:
            self._i = bisect_left(self._ids, id, self._i)

    def block_max_weight(self) -> float:
        """Return the greatest weight of all postings."""
        return float(self._info.max_weight())


class _NoValues(Sequence[bytes]):
    """The values of a format that has none."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: object) -> bytes:  # type: ignore[override]
        return b""


class _PositionValues(Sequence[bytes]):
    """Positions of each posting as Whoosh encodes them."""

    def __init__(self, postings: TermPostings) -> None:
        self._postings = postings

    def __len__(self) -> int:
        return len(self._postings.documents)

    def __getitem__(self, place: int) -> bytes:  # type: ignore[override]
        begin, end = self._postings.starts[place], self._postings.starts[place + 1]
        return bytes(POSITIONS.encode(self._postings.positions[begin:end].tolist()))
