"""Segments as the indexer writes and merges them, and the steps and processes that it spreads over."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import ArchiveMaker, fill, make_article
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.qparser import QueryParser
from whoosh.reading import SegmentReader

from index import generations, schema, writer
from index.analysis import ANALYZER, PARAGRAPH_GAP
from index.article import Article, first_words
from index.dates import WIB
from index.doctor import examine
from index.errors import IndexBroken
from index.inversion import Inverter
from index.merging import merge_segments, read_columns
from index.postings import ArrayTermsReader, segment_path
from index.postingsfile import places_at
from index.schema import document_from
from index.segments import write_segment
from index.settings import ArchiveFolder
from index.store import ArticleStore
from index.writer import LARGE, rebuild_index, worth_merging, writing
from search.archive import Archive
from search.query import Query

WORDS = (
    "banjir merendam pasar induk pembangunan bangunan harga-harga TNI-Polri Rp1,5 Ma'ruf COVID-19 beras yang di".split()
)
COLUMNS = (
    *(f".{name}.col" for name in schema.NUMBERS),
    *(f".{f}{schema.VALUES_SUFFIX}.col" for f in schema.NAME_FIELDS),
)


def articles(count: int, seed: int = 1) -> list[Article]:
    rng = random.Random(seed)
    return [
        make_article(
            id=f"uji-{seed}-{number}",
            url=None,
            title=" ".join(rng.choices(WORDS, k=5)),
            body="\n".join(" ".join(rng.choices(WORDS, k=rng.randint(1, 30))) for _ in range(rng.randint(1, 4))),
            authors=tuple(rng.sample(("Ratna Dewi", "Budi", "Siti"), k=rng.randint(0, 2))),
        )
        for number in range(count)
    ]


def written(folder: Path, several: list[Article]) -> tuple[FileStorage, "object"]:
    storage = FileStorage(str(folder))
    inverter = Inverter()
    documents = [document_from(a, WIB) for a in several]
    texts = inverter.texts([document.text for document in documents])
    return storage, write_segment(storage, "MAIN", documents, texts, inverter)


def test_a_segment_holds_every_token_of_its_articles_where_it_stands(tmp_path: Path) -> None:
    several = articles(40)
    storage, segment = written(tmp_path, several)
    reader = SegmentReader(storage, schema.SCHEMA, segment)
    for field, form in ((schema.SURFACE, "surface"), (schema.STEM, "stem")):
        expected: Counter[tuple[str, int, int]] = Counter()
        for number, article in enumerate(several):
            for token in ANALYZER.tokens(f"{article.title}\n{article.body}"):
                if getattr(token, form) is not None:
                    expected[getattr(token, form), number, token.position] += 1
        found: Counter[tuple[str, int, int]] = Counter()
        for text in reader.lexicon(field):
            matcher = reader.postings(field, text)
            while matcher.is_active():
                for position in matcher.value_as("positions"):
                    found[text.decode(), matcher.id(), position] += 1
                matcher.next()
        assert found == expected
    columns = read_columns(storage, segment)
    assert columns.labels == [article.id.encode() for article in several]
    for number, article in enumerate(several):
        own_title = article.title != first_words(article.body)
        assert columns.numbers[schema.TITLE_LENGTH][number] == len(ANALYZER.words(article.title)) * own_title
        assert columns.numbers[schema.BODY_LENGTH][number] == len(ANALYZER.words(article.body))
        first_of_body = next(
            t for t in ANALYZER.tokens(f"{article.title}\n{article.body}") if t.start > len(article.title)
        )
        assert columns.numbers[schema.TITLE_WIDTH][number] == first_of_body.position - PARAGRAPH_GAP


@pytest.mark.parametrize("deleted", [[], [0, 3, 9], list(range(10))], ids=["none", "some", "a whole segment"])
def test_merged_segments_are_what_writing_their_live_articles_at_once_gives(tmp_path: Path, deleted: list[int]) -> None:
    long = make_article(id="panjang", url=None, body="beras " * 400 + "\n" + "harga " * 70_000 + "beras")
    parts = [articles(10, 1), [*articles(30, 2), long], articles(5, 3)]
    storage = FileStorage(str(tmp_path))
    segments = [written(tmp_path, part)[1] for part in parts]
    for number in deleted:
        segments[0].delete_document(number)
    merged = merge_segments(storage, "MAIN", segments)
    live = [article for number, article in enumerate(parts[0]) if number not in deleted]
    _storage, expected = written(tmp_path, [*live, *parts[1], *parts[2]])
    for extension in (".pst", ".label.col", *COLUMNS):
        here, there = (segment_path(storage, s, extension).read_bytes() for s in (merged, expected))
        assert here == there, extension
    one, other = (SegmentReader(storage, schema.SCHEMA, s) for s in (merged, expected))
    assert list(one.all_terms()) == list(other.all_terms())
    for name, text in other.all_terms():
        a, b = one.term_info(name, text), other.term_info(name, text)
        assert (a.weight(), a.doc_frequency(), a.min_id(), a.max_id()) == (
            b.weight(),
            b.doc_frequency(),
            b.min_id(),
            b.max_id(),
        )
        assert (a.min_length(), -a.max_length(), -a.max_weight()) <= (b.min_length(), -b.max_length(), -b.max_weight())


def test_whoosh_itself_opens_and_searches_the_index(archive_folder: ArchiveFolder, archive_with: ArchiveMaker) -> None:
    archive_with(*articles(50))
    commit = generations.open_commit(archive_folder.generations)
    (segment,) = TOC.read(commit.storage, "MAIN", schema=schema.SCHEMA).segments
    from whoosh.searching import Searcher

    with Searcher(SegmentReader(commit.storage, schema.SCHEMA, segment)) as searcher:
        asked = QueryParser(schema.STEM, None).parse("bangun AND banjir")
        hits = searcher.search(asked, limit=None)
        labels = searcher.reader().column_reader(schema.LABEL)
        found = {bytes(labels[docnum]).decode() for docnum in hits.docs()}
    expected = Archive(archive_folder.path).search(Query("pembangunan banjir", size=100))
    assert found == {hit.article_id for hit in expected.hits} != set()


@pytest.mark.parametrize(
    ("sizes", "merged"),
    [
        ([], []),
        ([5], []),
        ([100, 100], [0, 1]),
        ([900, 100, 20], []),
        ([900, 100, 60], [2, 1]),
        ([900, 300, 200, 10], [3, 2, 1, 0]),
        ([LARGE * 3, LARGE, 40, 30], [3, 2]),
        ([LARGE] * 7, []),
        ([LARGE] * 8, [0, 1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_which_segments_are_merged(sizes: list[int], merged: list[int]) -> None:
    assert worth_merging(sizes) == merged


def test_many_small_increments_leave_few_segments(archive_folder: ArchiveFolder, archive_with: ArchiveMaker) -> None:
    archive = archive_with(*articles(40))
    for seed in range(2, 22):
        fill(archive_folder, articles(3, seed))
    generation = generations.current_generation(archive_folder.generations)
    assert generation is not None
    assert len(generations.segments_of(generation)) <= 5
    assert archive.search(Query("")).total == 100
    with ArticleStore(archive_folder.store) as store:
        assert examine(archive_folder, store) == []


# --- processes


INDEXER = """
import sys, pathlib
from index import writer
from index.settings import ArchiveFolder
from index.store import ArticleStore
if __name__ == "__main__":
    writer.PARALLEL_FROM = 1
    folder = ArchiveFolder(pathlib.Path(sys.argv[1]))
    with writer.writing(folder), ArticleStore(folder.store) as store:
        print("begin", flush=True)
        writer.update_index(folder, store, folder.read_settings(), batch=20, processes=2,
                            progress=lambda done, total: print(done, flush=True))
"""


def stored(folder: ArchiveFolder, several: list[Article]) -> None:
    with writing(folder), ArticleStore(folder.store) as store, store.transaction():
        for article in several:
            store.put(article)


def test_several_processes_make_the_index_that_one_makes(
    archive_folder: ArchiveFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "PARALLEL_FROM", 1)
    stored(archive_folder, articles(150))
    with writing(archive_folder), ArticleStore(archive_folder.store) as store:
        settings = archive_folder.read_settings()
        assert writer.update_index(archive_folder, store, settings, batch=20, processes=2).applied == 150
        assert examine(archive_folder, store) == []
        archive = Archive(archive_folder.path)
        asked = [Query("pembangunan pasar"), Query('"merendam pasar"'), Query("harga", size=100)]
        side_by_side = [[(h.article_id, h.score) for h in archive.search(query).hits] for query in asked]
        rebuild_index(archive_folder, store, settings)
        assert [[(h.article_id, h.score) for h in archive.search(query).hits] for query in asked] == side_by_side
        archive.close()


def test_a_step_that_gives_back_too_little_is_not_committed(
    archive_folder: ArchiveFolder, archive_with: ArchiveMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = archive_with(*articles(10))
    build = writer.build

    def losing(step: writer.Step) -> writer.Built:
        built = build(step)
        return replace(built, article_ids=built.article_ids[1:], articles=built.articles + 1)

    monkeypatch.setattr(writer, "build", losing)
    with pytest.raises(IndexBroken, match="telisik index"):
        fill(archive_folder, articles(10, 2))
    assert archive.search(Query("")).total == 10
    monkeypatch.undo()
    fill(archive_folder, [])
    assert archive.search(Query("")).total == 20


def test_killed_processes_leave_an_index_that_answers_and_no_lock(
    archive_folder: ArchiveFolder, tmp_path: Path
) -> None:
    script = tmp_path / "indexer.py"
    script.write_text(INDEXER)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    rng = random.Random(5)
    for number in range(4):
        stored(archive_folder, articles(400, number))
        process = subprocess.Popen(
            [sys.executable, str(script), str(archive_folder.path)], stdout=subprocess.PIPE, text=True, env=environment
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "begin\n"
        time.sleep(rng.uniform(0.3, 1.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        fill(archive_folder, [])
        archive = Archive(archive_folder.path)
        assert archive.search(Query("")).total == 400 * (number + 1)
        archive.close()
        with ArticleStore(archive_folder.store) as store:
            assert examine(archive_folder, store) == []


def test_an_interrupt_ends_all_processes_in_order_and_without_a_word_of_theirs(
    archive_folder: ArchiveFolder, tmp_path: Path
) -> None:
    script = tmp_path / "indexer.py"
    script.write_text(INDEXER)
    stored(archive_folder, articles(5_000))  # many, so that the interrupt comes before the end
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    process = subprocess.Popen(
        [sys.executable, str(script), str(archive_folder.path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,  # so that it has a group, which an interrupt from the keyboard goes to
    )
    assert process.stdout is not None
    assert [process.stdout.readline() for _ in range(2)] == ["begin\n", "20\n"]
    os.killpg(process.pid, signal.SIGINT)
    _out, complaints = process.communicate()
    assert complaints.count("Traceback") == 1, (process.returncode, _out[-200:], complaints)
    assert "SpawnProcess" not in complaints
    fill(archive_folder, [])
    with ArticleStore(archive_folder.store) as store:
        assert examine(archive_folder, store) == []


def test_few_postings_find_their_positions_as_all_do(tmp_path: Path) -> None:
    """By anchors, several words at once, also in a merged segment that lost documents."""
    rng = random.Random(7)
    storage, first = written(tmp_path, articles(400, seed=1))
    second = written(tmp_path, articles(300, seed=2))[1]
    for document in (0, 5, 399):
        first.delete_document(document)
    for segment in (first, second, merge_segments(storage, "MAIN", [first, second])):
        reader = ArrayTermsReader(segment.codec(), storage, segment)
        infos = [
            reader.info(field, word) for field, word in (("surface", b"yang"), ("stem", b"banjir"), ("surface", b"19"))
        ]
        lists = [reader.postings(info) for info in infos if info is not None]
        chosen = [(p, np.array(sorted(rng.sample(range(len(p.documents)), 9)))) for p in lists]
        widths, positions = places_at(chosen)
        expected = [
            p.positions[p.starts[row] : p.starts[row + 1]].tolist() for p, rows in chosen for row in rows.tolist()
        ]
        assert widths.tolist() == list(map(len, expected))
        assert positions.tolist() == [position for several in expected for position in several]
        reader.close()
