"""The postings codec: every query that Whoosh knows gives the same over it as over Whoosh's own codec."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from pickle import UnpicklingError

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import columns, fields, query, scoring
from whoosh.analysis import SimpleAnalyzer
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.query import spans
from whoosh.writing import NO_MERGE, SegmentWriter

from index.errors import IndexUnusable
from index.postings import ArrayCodec
from index.postingsfile import MAGIC, PostingsFile, create_postings
from index.termfile import TermFile, write_term_file

WORDS = ("beras", "berat", "bera", "harga", "naik", "turun", "pasar", "panen", "dan", "di")
SCHEMA = fields.Schema(
    id=fields.ID(unique=True, stored=True),
    body=fields.TEXT(analyzer=SimpleAnalyzer(), phrase=True),
    loud=fields.TEXT(analyzer=SimpleAnalyzer(), chars=True, field_boost=2.0),
    tag=fields.KEYWORD(lowercase=True, scorable=True),
    year=fields.NUMERIC(int, sortable=True, bits=32),
    rank=fields.COLUMN(columns.NumericColumn("i")),
)

Document = dict[str, object]
Making = Callable[[ArrayCodec, list[list[Document]]], FileIndex]

documents = st.fixed_dictionaries(
    {
        "body": st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join),
        "loud": st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join),
        "tag": st.lists(st.sampled_from(WORDS[:4]), max_size=3).map(" ".join),
        "year": st.integers(1990, 1999),
    }
)
leaves = st.one_of(
    st.builds(query.Term, st.sampled_from(("body", "loud", "tag")), st.sampled_from(WORDS)),
    st.builds(query.Prefix, st.just("body"), st.sampled_from(("be", "ha", "p"))),
    st.builds(query.Wildcard, st.just("body"), st.sampled_from(("*er*", "?a*", "pa?ar"))),
    st.builds(query.FuzzyTerm, st.just("body"), st.sampled_from(WORDS), maxdist=st.integers(1, 2)),
    st.builds(query.TermRange, st.just("body"), st.just("b"), st.sampled_from(("c", "n", "z"))),
    st.builds(query.NumericRange, st.just("year"), st.integers(1990, 1994), st.integers(1994, 1999)),
    st.builds(query.Phrase, st.just("body"), st.lists(st.sampled_from(WORDS), min_size=2, max_size=3), slop=st.integers(1, 3)),
    st.builds(query.Every, st.sampled_from(("body", None))),
)  # fmt: skip
trees = st.recursive(
    leaves,
    lambda children: st.one_of(
        st.builds(query.And, st.lists(children, min_size=1, max_size=3)),
        st.builds(query.Or, st.lists(children, min_size=1, max_size=3)),
        st.builds(query.DisjunctionMax, st.lists(children, min_size=1, max_size=3)),
        st.builds(query.AndNot, children, children),
        st.builds(query.AndMaybe, children, children),
        st.builds(query.Require, children, children),
    ),
    max_leaves=6,
)
near = st.builds(  # alone: Whoosh cannot tell how many documents it matches, which a conjunction asks
    lambda one, other: spans.SpanNear(query.Term("body", one), query.Term("body", other), slop=3),
    st.sampled_from(WORDS),
    st.sampled_from(WORDS),
)


@pytest.fixture
def making(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Making]:
    """Return a function that writes segments with a codec, each batch of documents a segment, the first of each deleted."""
    made: list[FileIndex] = []

    def make(codec: W3Codec, batches: list[list[Document]]) -> FileIndex:
        storage = FileStorage(str(tmp_path_factory.mktemp("ix")))
        ix = FileIndex.create(storage, SCHEMA, "MAIN")
        for number, batch in enumerate(batches):
            writer = SegmentWriter(ix, codec=codec, compound=False)
            for place, document in enumerate(batch):
                writer.add_document(id=f"{number}-{place}", rank=place, **document)
            writer.commit(mergetype=NO_MERGE)
        writer = SegmentWriter(ix, codec=codec, compound=False)
        writer.delete_by_term("id", "0-0")
        writer.commit(mergetype=NO_MERGE)
        made.append(ix)
        return ix

    yield make
    for ix in made:
        ix.close()


def answers(ix: FileIndex, asked: query.Query) -> dict[int, float]:
    """Return the documents that match with their scores, none left out for being worse than others."""
    with ix.searcher(weighting=scoring.BM25F()) as searcher:
        found = searcher.search(asked, limit=None)
        return {found.docnum(place): round(found.score(place), 6) for place in range(len(found))}


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(st.lists(documents, min_size=1, max_size=8), min_size=1, max_size=3),
    asked=st.lists(trees | near, min_size=1, max_size=6),
)
def test_every_query_of_whoosh_answers_as_over_its_own_codec(
    making: Making, batches: list[list[Document]], asked: list[query.Query]
) -> None:
    ours, theirs = making(ArrayCodec(), batches), making(W3Codec(), batches)
    for tree in asked:
        try:
            expected = answers(theirs, tree)
        except IndexError:  # a difference within a conjunction runs over the end of Whoosh's own lists
            continue
        assert answers(ours, tree) == expected, tree


def made_documents(count: int) -> list[Document]:
    rng = random.Random(7)
    return [
        {"body": " ".join(rng.choices(WORDS, k=rng.randint(0, 40))), "loud": rng.choice(WORDS), "tag": "a b", "year": 1995}
        for _ in range(count)
    ]  # fmt: skip


def test_a_reader_tells_the_same_of_every_term(making: Making) -> None:
    ours, theirs = making(ArrayCodec(), [made_documents(200)]), making(W3Codec(), [made_documents(200)])
    with ours.reader() as one, theirs.reader() as other:
        assert list(one.all_terms()) == list(other.all_terms())
        for name, text in other.all_terms():
            a, b = one.term_info(name, text), other.term_info(name, text)
            for told in ("weight", "doc_frequency", "min_length", "max_length", "max_weight", "min_id", "max_id"):
                assert getattr(a, told)() == pytest.approx(getattr(b, told)()), (name, text, told)
            here, there = one.postings(name, text), other.postings(name, text)
            assert list(here.all_ids()) == list(there.all_ids())
            assert one.frequency(name, text) == other.frequency(name, text)
        assert list(one.expand_prefix("body", "ber")) == list(other.expand_prefix("body", "ber"))
        assert sorted(one.terms_within("body", "beras", 2)) == sorted(other.terms_within("body", "beras", 2))
        assert (one.doc_frequency("body", "tiada"), ("body", "tiada") in one) == (0, False)


def test_positions_and_skipping_are_whooshs(making: Making) -> None:
    ours, theirs = making(ArrayCodec(), [made_documents(300)]), making(W3Codec(), [made_documents(300)])
    with ours.reader() as one, theirs.reader() as other:
        here, there = one.postings("body", "beras"), other.postings("body", "beras")
        for target in (0, 3, 50, 51, 200, 280):
            here.skip_to(target)
            there.skip_to(target)
            assert (here.id(), here.weight()) == (there.id(), there.weight())
            assert here.value_as("positions") == there.value_as("positions")
            assert [s.start for s in here.spans()] == [s.start for s in there.spans()]


@pytest.mark.parametrize("body", ["beras " * 300, "harga " * 65_600 + "beras"], ids=["many times", "far behind"])
def test_what_does_not_fit_into_small_numbers_is_exact_all_the_same(making: Making, body: str) -> None:
    batches: list[list[Document]] = [[{"body": "beras"}, {"body": body}]]
    ours, theirs = making(ArrayCodec(), batches), making(W3Codec(), batches)
    with ours.reader() as one, theirs.reader() as other:
        here, there = (reader.postings("body", "beras") for reader in (one, other))
        assert here.is_active()
        assert (here.id(), here.weight()) == (there.id(), there.weight())
        assert here.value_as("positions") == there.value_as("positions")


def test_a_file_of_another_kind_or_length_is_refused(tmp_path: Path, making: Making) -> None:
    ix = making(ArrayCodec(), [made_documents(3)])
    path = next(Path(ix.storage.folder).glob("*.pst"))
    content = path.read_bytes()
    assert content.startswith(MAGIC)
    for damaged in (content[:-1], b"?" + content[1:], content + b"\0"):
        (tmp_path / "x.pst").write_bytes(damaged)
        with pytest.raises(IndexUnusable, match="damaged"):
            PostingsFile(tmp_path / "x.pst")


def test_a_term_file_is_read_without_running_what_a_pickle_names(tmp_path: Path) -> None:
    path = tmp_path / "x.trm"
    write_term_file(path, [b"beras"], b"1", {"fieldmap": {"body": 0}})
    terms = TermFile(path)
    assert (terms.extras["fieldmap"], terms.get(b"beras"), len(terms)) == ({"body": 0}, b"1", 1)
    write_term_file(path, [b"beras"], b"1", {"fieldmap": Runs(tmp_path / "ran")})
    with pytest.raises(UnpicklingError):
        TermFile(path)
    assert not (tmp_path / "ran").exists()
    path.write_bytes(b"?" + path.read_bytes()[1:])
    with pytest.raises(IndexUnusable, match="damaged"):
        TermFile(path)


class Runs:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


def test_a_postings_file_has_its_room_on_the_disk_before_it_is_written_through_a_mapping(tmp_path: Path) -> None:
    """Where a full disk is met later, the system ends the process."""
    path = tmp_path / "x.pst"
    create_postings(path, 100_000, 200_000, b"")
    assert path.stat().st_blocks * 512 >= path.stat().st_size > 1_000_000
