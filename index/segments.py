"""Segments of the index: written from a batch of documents, merged, and opened.

A segment is Whoosh's: its term dictionary and columns are in Whoosh's formats, its table of contents holds a Whoosh `Segment`.
Only what writes them is ours, because it writes whole arrays.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from whoosh.codec.base import Segment
from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.util.numeric import length_to_byte

from index import schema
from index.columns import Names, names_bytes, names_from, write_numbers, write_texts
from index.inversion import Heads, Inverter, Postings, Texts, joined, plain_postings
from index.postings import ArrayCodec, segment_path
from index.postingsfile import (
    LAST_POSITION,
    MOST_OCCURRENCES,
    PLAIN,
    TERM_INFO,
    WIDE,
    Array,
    Ints,
    create_postings,
    drop_anchors,
    wide_blob,
)
from index.schema import Document
from index.termfile import write_term_file

_PREFIXES = {name: struct.pack("!H", number) for number, name in enumerate(schema.TERM_FIELDS)}
FIELDMAP = {name: number for number, name in enumerate(schema.TERM_FIELDS)}
_SCORED = (schema.SURFACE, schema.STEM)
LONGEST_EXACT_LENGTH = 106_374  # from here on Whoosh takes all lengths for the same
LENGTH_BYTES = np.array([length_to_byte(n) for n in range(LONGEST_EXACT_LENGTH + 1)], dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a segment, a row a document."""

    labels: list[bytes]
    numbers: dict[str, Ints]
    names: dict[str, Names]


def write_segment(
    storage: FileStorage, index_name: str, documents: Sequence[Document], texts: Texts, inverter: Inverter
) -> Segment:
    """Write the segment of these documents, whose texts are the inverter's, and return it; no table of contents names it yet."""
    segment = W3Segment(ArrayCodec(), index_name)
    widths, title_lengths, body_lengths = inverter.boundaries(texts, len(documents))
    titled = np.array([document.has_title for document in documents])
    title_lengths *= titled
    heads = Heads(widths, titled)
    columns = _columns_of(documents, {
        schema.TITLE_WIDTH: widths, schema.TITLE_LENGTH: title_lengths, schema.BODY_LENGTH: body_lengths,
        **dict(zip(schema.LIKENESS, inverter.signatures(texts, len(documents)).T, strict=True)),
    })  # fmt: skip
    parts = []
    for field in schema.TERM_FIELDS:
        prefix = _PREFIXES[field]
        if field == schema.ID:
            parts.append(plain_postings([document.article_id for document in documents], prefix))
        elif field == schema.SURFACE:
            parts.append(inverter.surfaces(texts, prefix, heads))
        elif field == schema.STEM:
            parts.append(inverter.stems(texts, prefix, heads))
        else:
            place = schema.NAME_FIELDS.index(field)
            values = ["\n".join(document.names[place]) for document in documents]
            parts.append(inverter.surfaces(inverter.texts(values), prefix))
    postings = joined(parts)
    _write_postings(storage, segment, postings, title_lengths + body_lengths)
    write_columns(storage, segment, columns)
    return segment


def _columns_of(documents: Sequence[Document], measured: dict[str, Ints]) -> Columns:
    numbers = {
        schema.DAY: [document.day for document in documents],
        schema.INSTANT: [document.instant for document in documents],
        schema.STATUS: [document.status for document in documents],
    }
    return Columns(
        labels=[document.article_id.encode() for document in documents],
        numbers=measured | {name: np.asarray(column, dtype=np.int64) for name, column in numbers.items()},
        names={
            field: names_from([schema.each_once(document.names[place]) for document in documents])
            for place, field in enumerate(schema.NAME_FIELDS)
        },
    )


def write_columns(storage: FileStorage, segment: W3Segment, columns: Columns) -> None:
    """Write the columns, those with the lengths of the scored fields included, and note the number of documents."""

    def path(name: str) -> Path:
        return segment_path(storage, segment, f".{name}{W3Codec.COLUMN_EXT}")

    write_texts(path(schema.LABEL), columns.labels)
    for name, (code, _default) in schema.NUMBERS.items():
        write_numbers(path(name), columns.numbers[name], code)
    for field, names in columns.names.items():
        path(field + schema.VALUES_SUFFIX).write_bytes(names_bytes(names))
    lengths = columns.numbers[schema.TITLE_LENGTH] + columns.numbers[schema.BODY_LENGTH]
    for field in _SCORED:
        write_numbers(path(f"_{field}_len"), length_bytes(lengths).astype(np.int64), "B")
    segment._fieldlengths = dict.fromkeys(_SCORED, int(lengths.sum()))  # type: ignore[attr-defined]  # as in Whoosh
    segment.set_doc_count(len(columns.labels))


def length_bytes(lengths: Ints) -> Array:
    """Return field lengths as Whoosh rounds them to a byte."""
    return LENGTH_BYTES[np.minimum(lengths, LONGEST_EXACT_LENGTH)]


def _write_postings(storage: FileStorage, segment: Segment, postings: Postings, lengths: Ints) -> None:
    infos, wide = term_infos(postings, length_bytes(lengths))
    blob = bytearray()
    for term in wide:
        infos["wide"][term] = len(blob)
        a, p = int(infos["first"][term]), int(infos["place"][term])
        b, q = a + int(postings.documents_of[term]), p + int(postings.positions_of[term])
        blob += wide_blob(postings.heads[a:b], postings.bodies[a:b], postings.positions[p:q])
    path = segment_path(storage, segment, W3Codec.POSTS_EXT)
    sections = create_postings(path, len(postings.documents), len(postings.positions), bytes(blob))
    sections.documents[:] = postings.documents
    sections.heads[:] = np.minimum(postings.heads, MOST_OCCURRENCES)
    sections.bodies[:] = np.minimum(postings.bodies, MOST_OCCURRENCES)
    sections.leads[:] = postings.leads
    drop_anchors(sections)
    sections.positions[:] = np.minimum(postings.positions, LAST_POSITION)
    sections.flush()
    write_term_file(
        segment_path(storage, segment, W3Codec.TERMS_EXT), postings.keys, infos.tobytes(), {"fieldmap": FIELDMAP}
    )


def term_infos(postings: Postings, lengths: Array) -> tuple[np.ndarray, list[int]]:
    """Return the dictionary's entries, and which terms are WIDE. `lengths` are bytes, one a document."""
    infos = np.zeros(len(postings.keys), dtype=TERM_INFO)
    if not len(infos):
        return infos, []
    ends = np.cumsum(postings.documents_of)
    firsts = ends - postings.documents_of
    occurrences = postings.heads + postings.bodies
    plain = postings.positions_of == 0
    of_postings = lengths[postings.documents]
    infos["weight"] = np.where(plain, postings.documents_of, postings.positions_of)
    infos["documents"] = postings.documents_of
    infos["shortest"] = np.minimum.reduceat(of_postings, firsts)
    infos["longest"] = np.maximum.reduceat(of_postings, firsts)
    infos["most"] = np.maximum.reduceat(occurrences, firsts)
    infos["first_document"] = postings.documents[firsts]
    infos["last_document"] = postings.documents[ends - 1]
    infos["first"] = firsts
    infos["place"] = np.cumsum(postings.positions_of) - postings.positions_of
    infos["kind"] = np.where(plain, PLAIN, 0)
    far = np.zeros(len(infos), dtype=bool)
    positional = np.flatnonzero(~plain)
    if len(positional):
        places = infos["place"][positional].astype(np.int64)
        far[positional] = np.maximum.reduceat(postings.positions, places) > LAST_POSITION
    wide = np.flatnonzero(far | (infos["most"] > MOST_OCCURRENCES))
    infos["kind"][wide] |= WIDE
    return infos, wide.tolist()
