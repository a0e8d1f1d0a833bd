"""A batch of articles turned into postings: from tokens in the order of the texts to terms in the order of a dictionary.

Nothing here takes a step of Python for each token. Texts become numbers of chunks (`index.analysis.Chunks`), those numbers
become arrays of terms, documents and positions, and one sort brings the arrays into the order of terms.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias
from zlib import crc32

import numpy as np
import numpy.typing as npt

from index.analysis import ANALYZER, PARAGRAPH_GAP, Analyzer, Casing, Chunks, ChunkTokens
from index.likeness import COLUMNS, signatures

Ints: TypeAlias = npt.NDArray[np.int64]
Array: TypeAlias = npt.NDArray[Any]  # of unsigned integers

LAST_LEAD = 255  # words; what begins later stands at the end
CHUNKS_KEPT = 600_000  # chunks known at once, about 300 MB; then they are forgotten and learned again


@dataclass(frozen=True, slots=True)
class Postings:
    """The postings of the terms of one or more fields, in order: arrays over terms, over postings and over positions.

    `keys` ascend. Of term t, `documents_of[t]` postings and `positions_of[t]` positions follow those of the terms before
    it. A posting counts occurrences before its document's boundary (`heads`) and after it (`bodies`), and the words of the body
    before the first of them (`leads`, at most `LAST_LEAD`).
    """

    keys: list[bytes]
    documents_of: Ints
    positions_of: Ints
    documents: Array
    heads: Array
    bodies: Array
    leads: Array
    positions: Array


@dataclass(frozen=True, slots=True)
class Heads:
    """Where each document's head, its title, ends, and whether it is its own and no copy of how the body begins."""

    ends: Ints
    own: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts as chunks: those of text i, which is of document `documents[i]`, are `chunks[starts[i]:starts[i + 1]]`."""

    chunks: Array
    starts: Array
    documents: Array


class Inverter:
    """Turns texts into postings, batch after batch; what it has analysed once it looks up."""

    def __init__(self, analyzer: Analyzer = ANALYZER) -> None:
        self._analyzer = analyzer
        self._chunks = Chunks(analyzer)
        self._hashes = array("L")  # of each surface form

    def texts(self, texts: Sequence[str]) -> Texts:
        """Return texts as chunks, for `boundaries`, `surfaces`, `stems` and `casings`; empty texts are left out.

        What it returns holds until the next `forget`.
        """
        flat: list[int] = []
        starts = [0]
        documents = []
        for document, text in enumerate(texts):
            if text:
                flat += self._chunks.numbers(text)
                starts.append(len(flat))
                documents.append(document)
        return Texts(*(np.asarray(numbers, dtype=np.int32) for numbers in (flat, starts, documents)))

    def forget(self) -> None:
        """Between two batches, forget the chunks where there are too many."""
        if len(self._chunks) > CHUNKS_KEPT:
            self._chunks = Chunks(self._analyzer)
            self._hashes = array("L")

    def boundaries(self, texts: Texts, documents: int) -> tuple[Ints, Ints, Ints]:
        """Return for each of `documents` where its first paragraph ends, and the words in that paragraph and in the rest."""
        widths, lengths = _small(self._chunks.widths), _small(self._chunks.lengths)
        firsts = _title_ends(texts)
        ends, heads, all_words = (np.zeros(documents, dtype=np.int64) for _ in range(3))
        ends[texts.documents] = _between(widths[texts.chunks], texts.starts[:-1], firsts)
        heads[texts.documents] = _between(lengths[texts.chunks], texts.starts[:-1], firsts)
        all_words[texts.documents] = _between(lengths[texts.chunks], texts.starts[:-1], texts.starts[1:])
        return ends, heads, all_words - heads

    def casings(self, texts: Texts) -> Iterator[tuple[str, int, int]]:
        """Yield each word that stands within a sentence of the texts' later paragraphs: its surface form, how often it
        stands capitalised there, and how often in small letters. First paragraphs are titles and tell nothing."""
        casing = np.array(self._chunks.casings, dtype=np.uint8)[texts.chunks]
        gaps = np.cumsum(texts.chunks == 0)
        in_body = gaps > np.repeat(np.append(0, gaps)[texts.starts[:-1]], np.diff(texts.starts))
        within = in_body & (casing & Casing.OPENS == 0)
        within[1:] &= casing[:-1] & Casing.ENDS_SENTENCE == 0
        counts = [
            np.bincount(texts.chunks[within & (casing & kind != 0)], minlength=len(self._chunks))
            for kind in (Casing.CAPITALISED, Casing.LOWER)
        ]
        surfaces = self._chunks.surfaces
        used = np.flatnonzero(counts[0] + counts[1])
        terms = np.array(surfaces.terms)[np.array(surfaces.starts)[used]]
        capitalised, lower = (np.bincount(terms, weights=count[used]).astype(np.int64) for count in counts)
        for term in np.unique(terms).tolist():
            yield surfaces.names[term], int(capitalised[term]), int(lower[term])

    def signatures(self, texts: Texts, documents: int) -> Ints:
        """Return for each of `documents` the signature of what follows its first paragraph, see `index.likeness`.

        A chunk is one word, which all surface forms in it make up (Rp5.000 is not Rp6.000); chunks of signs alone are none.
        """
        tokens = self._chunks.surfaces
        self._hashes.extend(crc32(name.encode()) for name in tokens.names[len(self._hashes) :])
        starts = _small(tokens.starts)
        worded = np.diff(starts) > 0
        hashes = np.zeros(len(worded), dtype=np.uint32)
        of_tokens = np.array(self._hashes, dtype=np.uint32)[_small(tokens.terms)]
        if len(of_tokens):
            hashes[worded] = np.add.reduceat(of_tokens, starts[:-1][worded])
        kept = worded[texts.chunks]
        kept &= np.arange(len(kept), dtype=np.int32) > np.repeat(_title_ends(texts), np.diff(texts.starts))
        counts = np.concatenate([[0], np.cumsum(kept, dtype=np.int64)])
        found = np.zeros((documents, COLUMNS), dtype=np.int64)
        found[texts.documents] = signatures(hashes[texts.chunks[kept]], counts[texts.starts])
        return found

    def surfaces(self, texts: Texts, prefix: bytes, heads: Heads | None = None) -> Postings:
        """Return the postings of surface forms, each key with `prefix` before it."""
        return self._postings(self._chunks.surfaces, texts, prefix, heads)

    def stems(self, texts: Texts, prefix: bytes, heads: Heads | None = None) -> Postings:
        """Return the postings of stems, each key with `prefix` before it."""
        return self._postings(self._chunks.stems, texts, prefix, heads)

    def _postings(self, tokens: ChunkTokens, texts: Texts, prefix: bytes, heads: Heads | None) -> Postings:
        terms, documents, positions = self._occurrences(tokens, texts)
        used = np.flatnonzero(np.bincount(terms, minlength=len(tokens.names)))
        names = [tokens.names[term] for term in used.tolist()]
        order = sorted(range(len(names)), key=names.__getitem__)
        rank = np.zeros(len(tokens.names), dtype=np.int32)
        rank[used[order]] = np.arange(len(order))
        keys = [prefix + names[place].encode() for place in order]
        return _grouped(keys, rank[terms], documents, positions, heads)

    def _occurrences(self, tokens: ChunkTokens, texts: Texts) -> tuple[Array, Array, Array]:
        """Return term, document and position of every token, in the order of the texts."""
        widths = _small(self._chunks.widths)[texts.chunks]
        begins = np.cumsum(widths, dtype=np.int32) - widths  # may run over: what is told apart is within one text
        runs = np.diff(texts.starts)
        base = np.append(begins, np.int32(0))[texts.starts[:-1]]  # what the first chunk of each text has before it
        begins -= np.repeat(base, runs)
        starts = _small(tokens.starts)
        first = starts[texts.chunks]
        counts = starts[texts.chunks + 1] - first
        ends = np.cumsum(counts, dtype=np.int32)
        taken = np.repeat(first - (ends - counts), counts) + np.arange(int(counts.sum()), dtype=np.int32)
        documents = np.repeat(np.repeat(texts.documents, runs), counts)
        positions = np.repeat(begins, counts) + _small(tokens.positions)[taken]
        return _small(tokens.terms)[taken], documents, positions


def _small(numbers: "array[int]") -> Array:
    """Return numbers as 32-bit integers: half the memory to go through, and none of a batch comes near their limit."""
    return np.array(numbers, dtype=np.int32)


def _title_ends(texts: Texts) -> Array:
    """Return for each text the place of the chunk that its first paragraph ends before."""
    gap = np.flatnonzero(texts.chunks == 0)
    ends: Array = np.append(gap, len(texts.chunks))[np.searchsorted(gap, texts.starts[:-1])]
    return np.minimum(ends, texts.starts[1:])


def _between(numbers: Array, starts: Array, ends: Array) -> Ints:
    """Return the sums of `numbers` from each start to each end."""
    sums: Ints = np.concatenate([[0], np.cumsum(numbers, dtype=np.int64)])
    found: Ints = sums[ends] - sums[starts]
    return found


def _grouped(keys: list[bytes], ranks: Array, documents: Array, positions: Array, heads: Heads | None) -> Postings:
    """Return occurrences, which come with documents and positions ascending, as postings in the order of `ranks`."""
    count = len(ranks)
    sortable = ranks.astype(np.int64)  # with its place below the rank, one array of integers sorts fastest, and stably
    sortable <<= 32
    sortable |= np.arange(count, dtype=np.int64)
    sortable.sort()
    order = (sortable & 0xFFFFFFFF).astype(np.int32)
    ranks = (sortable >> 32).astype(np.int32)
    documents, positions = documents[order], positions[order]
    if not count:
        none = np.zeros(0, dtype=np.uint32)
        return Postings(keys, np.zeros(0, np.int64), np.zeros(0, np.int64), none, none, none, none, none)
    new = np.flatnonzero((np.diff(ranks, prepend=-1) != 0) | (np.diff(documents, prepend=documents[:1]) != 0))
    occurrences = np.diff(np.append(new, count)).astype(np.uint32)
    in_head = np.zeros(len(new), dtype=np.uint32)
    leads = np.zeros(len(new), dtype=np.uint8)
    if heads is not None:
        in_head = np.add.reduceat((positions < heads.ends[documents]).astype(np.uint32), new)
        leads = leads_of(positions[new], heads.ends[documents[new]], heads.own[documents[new]])
    return Postings(
        keys=keys,
        documents_of=np.bincount(ranks[new], minlength=len(keys)),
        positions_of=np.bincount(ranks, minlength=len(keys)),
        documents=documents[new],
        heads=in_head,
        bodies=occurrences - in_head,
        leads=leads,
        positions=positions,
    )


def leads_of(positions: Array, ends: Array, own: npt.NDArray[np.bool_]) -> Array:
    """Return how many words of the body stand before each position, at most `LAST_LEAD`, 0 for one in an own title.

    `ends` and `own` are those of `Heads`, for the document of each position.
    """
    in_copy = (positions < ends) & ~own
    begins = np.where(in_copy, 0, ends + PARAGRAPH_GAP)
    leads: Array = np.clip(positions - begins, 0, LAST_LEAD).astype(np.uint8)
    return leads


def plain_postings(names: Sequence[str], prefix: bytes) -> Postings:
    """Return postings without positions of one name a document, such as its id."""
    order = sorted(range(len(names)), key=names.__getitem__)
    ones = np.ones(len(names), dtype=np.uint32)
    return Postings(
        keys=[prefix + names[document].encode() for document in order],
        documents_of=ones.astype(np.int64),
        positions_of=np.zeros(len(names), dtype=np.int64),
        documents=np.asarray(order, dtype=np.uint32),
        heads=np.zeros(len(names), dtype=np.uint32),
        bodies=ones,
        leads=np.zeros(len(names), dtype=np.uint8),
        positions=np.zeros(0, dtype=np.uint32),
    )


def joined(parts: Sequence[Postings]) -> Postings:
    """Return the postings of several fields as one; their keys must ascend from part to part."""
    parts = [part for part in parts if part.keys]
    if any(one.keys[-1] >= other.keys[0] for one, other in pairwise(parts)):
        raise ValueError("keys must ascend")

    def side_by_side(name: str) -> npt.NDArray[Any]:
        return np.concatenate([getattr(part, name) for part in parts]) if parts else np.zeros(0, dtype=np.int64)

    return Postings(
        [key for part in parts for key in part.keys],
        side_by_side("documents_of"),
        side_by_side("positions_of"),
        side_by_side("documents"),
        side_by_side("heads"),
        side_by_side("bodies"),
        side_by_side("leads"),
        side_by_side("positions"),
    )
