"""Measuring answers: files of queries, judgements and runs; measures and BM25 against hand-worked ones; `telisik eval`."""

import json
import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from conftest import ArchiveMaker, fill, make_article

from index.analysis import ANALYZER
from index.article import Article, Status
from index.errors import FileRefused
from index.importers.formats import files_in, records_in
from index.settings import ArchiveFolder
from index.store import ArticleStore
from index.writer import writing
from search import baselines
from search.baselines import ANALYSES, Bm25, Collection, plain, searched_text
from search.judgements import (
    REJECTS_SHOWN,
    IdNotWritable,
    JudgedQuery,
    JudgementsWrong,
    NothingJudged,
    read_queries,
    read_run,
    run_lines,
)
from search.measures import difference_bounds, measured, ndcg, recall, reciprocal_rank, summary_of
from search.query import MAX_TEXT, Query
from web.cli import main


def write(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


# --- queries and judgements


@pytest.mark.parametrize(
    ("relevant", "grades"),
    [
        ("a", {"a": 1}),
        (17, {"17": 1}),
        (["a", "b"], {"a": 1, "b": 1}),
        ({"a": 2, "b": 0, "c": -1}, {"a": 2, "b": 0, "c": -1}),
    ],
)
@pytest.mark.parametrize("name", ["query", "question", "text", "q"])
def test_a_query_in_json_names_its_relevant_articles(
    tmp_path: Path, name: str, relevant: object, grades: dict[str, int]
) -> None:
    path = write(tmp_path / "k.jsonl", json.dumps({"id": "k1", name: " harga  beras ", "relevant": relevant}))
    assert read_queries([path]).queries == (JudgedQuery("k1", "harga beras", grades),)


def test_a_query_without_id_is_known_by_its_number_over_all_files(tmp_path: Path) -> None:
    line = '{"query": "beras", "relevant": "a"}'
    paths = [write(tmp_path / name, line, "", line) for name in ("1.jsonl", "2.jsonl")]
    assert [query.id for query in read_queries(paths).queries] == ["1", "2", "3", "4"]


TOPICS = """\
<top>
<num> Number: 301 </num>
<title> Topic: harga &amp; beras
<desc> Description: not asked
</top>
<TOP><NUM>302<TITLE>banjir
</TITLE></TOP>
"""


@pytest.mark.parametrize("text", ["\ufeff301\tharga & beras\r\n302\tbanjir", TOPICS])
def test_a_table_and_trec_topics_are_judged_by_a_qrels_file(tmp_path: Path, text: str) -> None:
    qrels = write(tmp_path / "q.qrels", "301 0 a 2", "301\t0\tb\t0", "302 0 a -1", "302 0 c 1", "309 0 a 1")
    judged = read_queries([write(tmp_path / "topics", text)], qrels)
    assert judged.queries == (
        JudgedQuery("301", "harga & beras", {"a": 2, "b": 0}),
        JudgedQuery("302", "banjir", {"a": -1, "c": 1}),
    )
    assert (judged.unjudged, judged.unasked) == (0, 1)


def test_queries_that_nothing_is_relevant_for_are_left_out_and_counted(tmp_path: Path) -> None:
    path = write(
        tmp_path / "k.jsonl",
        '{"q": "a", "relevant": {"x": 0}}', '{"q": "b"}', '{"q": "c", "relevant": "x"}', '{"q": "d", "relevant": []}',
    )  # fmt: skip
    judged = read_queries([path])
    assert ([query.text for query in judged.queries], judged.unjudged) == (["c"], 3)
    with pytest.raises(NothingJudged, match=r"t\.tsv: no query has an article judged relevant; .*--qrels"):
        read_queries([write(tmp_path / "t.tsv", "1\tberas")])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON in column 1"),
        ("[1]", "not a JSON object"),
        ('{"id": "x"}', 'no query; write it as "query"'),
        ('{"q": 3}', 'no query; write it as "query"'),
        ('{"q": " "}', "the query is empty"),
        (json.dumps({"q": "a" * (MAX_TEXT + 1)}), "the query is longer than 2000 characters"),
        ('{"q": "a", "id": ["x"]}', "is no id"),
        ('{"q": "a", "relevant": true}', "true is no id; write a text"),
        ('{"q": "a", "relevant": [null]}', "null is no id; write a text"),
        ('{"q": "a", "relevant": {"x": 0.5}}', "0.5 is no grade; write a whole number, 0 for not relevant"),
        ('{"q": "a", "relevant": {"x": 9999}}', "9999 is no grade"),
        ('{"q": "a", "id": "ada", "relevant": "x"}', "a query before has the id ada; give each its own"),
    ],
)
def test_a_wrong_line_of_json_is_told_with_its_place_and_nothing_is_read(
    tmp_path: Path, line: str, reason: str
) -> None:
    path = write(tmp_path / "k.jsonl", '{"q": "a", "id": "ada", "relevant": "x"}', "", line)
    with pytest.raises(JudgementsWrong) as error:
        read_queries([path])
    (reject,) = error.value.rejects
    assert (reject.path, reject.place) == (path, "line 3")
    assert reason in reject.reason
    assert str(error.value).startswith("Nothing was measured, for lines are wrong (1); correct them and try again:\n")
    assert f"\n{path}, line 3: {reject.reason}" in str(error.value)


@pytest.mark.parametrize(
    ("queries", "qrels", "told"),
    [
        ("1 beras", "1 0 a 1", "k, line 1: not a query id, a tab and a query"),
        ("\tberas", "1 0 a 1", "k, line 1: not a query id, a tab and a query"),
        ("1\t ", "1 0 a 1", "k, line 1: the query is empty"),
        ("\n<top>\n<num>1\n</top>", "1 0 a 1", "k, line 2: a topic without <num> or <title>"),
        ("1\tberas", "1 0 a 1\n1 a 1", "qrels, line 2: 3 columns instead of 4: query id, 0, article id, grade"),
        ("1\tberas", "1 0 a ya", 'qrels, line 1: "ya" is no grade'),
        ("1\tberas", "1 0 a 1\n1 0 a 2", "qrels, line 2: a has another grade before; leave one of the two"),
    ],
)
def test_wrong_lines_of_tables_are_told_with_their_places(tmp_path: Path, queries: str, qrels: str, told: str) -> None:
    with pytest.raises(JudgementsWrong) as error:
        read_queries([write(tmp_path / "k", queries)], write(tmp_path / "qrels", qrels))
    assert f"{tmp_path}/{told}" in str(error.value)


def test_of_many_wrong_lines_the_first_are_shown_and_the_rest_counted(tmp_path: Path) -> None:
    with pytest.raises(JudgementsWrong) as error:
        read_queries([write(tmp_path / "k", *["x"] * (REJECTS_SHOWN + 5))])
    assert len(str(error.value).splitlines()) == REJECTS_SHOWN + 2
    assert str(error.value).endswith("... and more of them: 5")


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="No such file"):
        read_queries([tmp_path / "nihil"])
    with pytest.raises(FileRefused, match="no TREC topic"):
        read_queries([write(tmp_path / "x.xml", "<rss></rss>")])
    (tmp_path / "latin").write_bytes(b"1\tcaf\xe9")
    with pytest.raises(FileRefused, match="byte 5 is not UTF-8"):
        read_queries([tmp_path / "latin"])


# --- runs


def test_a_run_is_ordered_by_score_and_of_equal_ones_the_higher_id_comes_first(tmp_path: Path) -> None:
    run = read_run(
        write(tmp_path / "r", "1 Q0 a 1 2.5 lain", "1 Q0 b 2 9 lain", "1\tQ0\tc\t3\t2.5\tlain", "2 Q0 a 1 -1e3 x")
    )
    assert run.name == "lain"
    assert run.hits == {"1": ["b", "c", "a"], "2": ["a"]}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1 Q0 b 2 1.0", "5 columns instead of 6: query id, Q0, article id, rank, score, tag"),
        ("1 Q0 b 2 tinggi x", "'tinggi' is no score; write a number"),
        ("1 Q0 b 2 nan x", "'nan' is no score; write a number"),
        ("1 Q0 a 2 1 x", "a stands twice for this query; leave one of the two"),
    ],
)
def test_a_wrong_line_of_a_run_is_told_with_its_place(tmp_path: Path, line: str, reason: str) -> None:
    path = write(tmp_path / "r", "1 Q0 a 1 2 x", line)
    with pytest.raises(JudgementsWrong) as error:
        read_run(path)
    assert [(r.place, r.reason) for r in error.value.rejects] == [("line 2", reason)]


def test_a_written_run_is_read_in_the_same_order(tmp_path: Path) -> None:
    lines = list(run_lines("telisik", [("1", ["b", "a", "c"]), ("2", [])]))
    assert lines[0] == "1 Q0 b 1 3 telisik\n"
    (tmp_path / "r").write_text("".join(lines), encoding="utf-8")
    assert read_run(tmp_path / "r").hits == {"1": ["b", "a", "c"]}
    for rankings in ([("1", ["a b"])], [("1 2", ["a"])]):
        with pytest.raises(IdNotWritable, match="holds white space"):
            list(run_lines("x", rankings))


# --- measures


def test_reciprocal_rank_looks_at_ten_hits_and_at_nothing_judged_0() -> None:
    hits = list("abcdefghijk")
    assert reciprocal_rank(hits, {"a": 1, "c": 1}) == 1
    assert reciprocal_rank(hits, {"a": 0, "b": -1, "c": 2}) == 1 / 3
    assert reciprocal_rank(hits, {"j": 1}) == 1 / 10
    assert reciprocal_rank(hits, {"k": 1}) == 0


def test_ndcg_is_as_worked_by_hand() -> None:
    grades = {"a": 3, "b": 2, "c": 0, "d": 1}
    gained = 3 / math.log2(2) + 7 / math.log2(4) + 1 / math.log2(5)  # b, x, a, d
    best = 7 / math.log2(2) + 3 / math.log2(3) + 1 / math.log2(4)  # a, b, d
    assert ndcg(["b", "x", "a", "d"], grades) == pytest.approx(gained / best)
    assert ndcg(["b", "x", "a", "d"], grades) == pytest.approx(0.737872, abs=1e-6)
    assert ndcg(["a", "b", "d", "c"], grades) == 1
    assert ndcg(["c", "x"], grades) == 0


def test_ndcg_takes_no_more_than_ten_hits_for_the_best_order() -> None:
    grades = {f"r{n}": 1 for n in range(12)}
    assert ndcg(list(grades), grades) == 1
    assert ndcg([*"abcdefghij", "r0"], grades) == 0


def test_recall_counts_what_is_relevant_and_was_found_within_the_depth() -> None:
    assert recall(["a", "x", "b"], {"a": 1, "b": 3, "c": 1, "x": 0}) == 2 / 3
    values = measured([["x", "a"], []], [{"a": 1}, {"b": 1}], depth=1)
    assert {name: list(numbers) for name, numbers in values.items()} == {
        "MRR@10": [0.5, 0],
        "nDCG@10": [pytest.approx(1 / math.log2(3)), 0],
        "Recall@1": [0, 0],
    }


def test_bounds_of_a_difference_hold_its_mean_and_narrow_with_more_queries() -> None:
    assert difference_bounds(np.full(50, 0.25)) == (0.25, 0.25)
    few, many = (np.tile([0.0, 1.0], count) for count in (20, 2_000))
    low, high = difference_bounds(few)
    assert low < 0.5 < high
    # The mean of n draws of 0 or 1 has a standard error of 0.5 / sqrt(n), of which 95 % lie within 1.96.
    assert (high - low) / 2 == pytest.approx(1.96 * 0.5 / math.sqrt(40), rel=0.15)
    assert difference_bounds(many)[1] - difference_bounds(many)[0] < (high - low) / 5
    assert difference_bounds(few) == (low, high)


def test_a_summary_has_bounds_for_all_systems_but_the_baseline() -> None:
    systems = {"a": {"m": np.array([0.0, 1.0])}, "b": {"m": np.array([1.0, 1.0])}}
    assert summary_of(systems, "a")["a"] == {"m": {"mean": 0.5}}
    assert summary_of(systems, "a")["b"]["m"] == {"mean": 1.0, "low": 0.0, "high": 1.0}


# --- plain BM25


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        (
            "pembangunan",
            {"none": ["pembangunan"], "snowball": ["bangun"], "sastrawi": ["bangun"], "analysis": ["bangun"]},
        ),
        (
            "kata-kata",
            {"none": ["kata", "kata"], "snowball": ["kata", "kata"], "sastrawi": ["kata"], "analysis": ["kata"]},
        ),
        ("Kediri", {"none": ["kediri"], "snowball": ["diri"], "sastrawi": ["diri"]}),
        ("1,5", {"none": ["1,5"], "snowball": ["1,5"], "sastrawi": ["1,5"], "analysis": ["1,5"]}),
        ("Rusdî", {"none": ["rusdi"]}),
    ],
)
def test_analyses_make_these_terms(text: str, terms: dict[str, list[str]]) -> None:
    (token,) = ANALYZER.words(text)
    assert {name: list(ANALYSES[name]((token.surface, token.stem or ""))) for name in terms} == terms


WORDS = (
    "membangun pembangunan bangunan kata-kata kata berkata TNI-Polri Polri jalan berjalan-jalan 1,5 Kediri diri".split()
)


def random_texts(seed: int) -> list[str]:
    chosen = random.Random(seed)
    return [" ".join(chosen.choices(WORDS, k=chosen.randrange(0, 30))) + "\n." for _ in range(40)]


def reference(texts: Sequence[str], name: str, query: str) -> list[str]:
    """BM25 as in the book, term by term and article by article."""

    def terms(text: str) -> list[str]:
        return [t for token in ANALYZER.words(text) for t in ANALYSES[name]((token.surface, token.stem or ""))]

    bags = [Counter(terms(text)) for text in texts]
    mean = sum(bag.total() for bag in bags) / len(bags)
    scores = {}
    for number, bag in enumerate(bags):
        score = 0.0
        for term in terms(query):
            having = sum(term in other for other in bags)
            idf = math.log(1 + (len(bags) - having + 0.5) / (having + 0.5))
            score += idf * bag[term] * 2.2 / (bag[term] + 1.2 * (0.25 + 0.75 * bag.total() / mean))
        if score:
            scores[number] = round(score, 9)
    return [f"t{number}" for number in sorted(scores, key=lambda number: (-scores[number], number))]


@pytest.mark.parametrize("name", ANALYSES)
@pytest.mark.parametrize("batch", [7, 5_000])
def test_bm25_ranks_as_the_formula_says(name: str, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baselines, "BATCH", batch)
    for seed in range(5):
        texts = random_texts(seed)
        bm25 = Bm25(Collection((f"t{number}", text) for number, text in enumerate(texts)), ANALYSES[name])
        for query in ("bangunan", "jalan kata-kata", "TNI Polri TNI", "kediri membangun 1,5 kata jalan", "tiada", ""):
            expected = reference(texts, name, query)
            assert bm25.rank(query, 100) == expected
            assert bm25.rank(query, 5) == expected[:5]


def test_bm25_of_no_articles_finds_nothing() -> None:
    assert Bm25(Collection([]), plain).rank("beras", 10) == []
    assert Bm25(Collection([("a", "")]), plain).rank("beras", 10) == []


# --- what the archive gives


def articles() -> list[Article]:
    titles = ["Harga beras naik", "Harga beras turun", "Panen padi", "Beras langka", "Harga cabai"]
    changes: list[dict[str, object]] = [
        {},
        {},
        {},
        {"status": Status.EMBARGOED, "date": None},
        {"status": Status.WITHDRAWN},
    ]
    return [
        make_article(id=f"b{n}", title=title, body=f"Uraian {n}: petani memanen.", url=None, **change)
        for n, (title, change) in enumerate(zip(titles, changes, strict=True), start=1)
    ]


def test_a_ranking_holds_what_a_search_finds(archive_with: ArchiveMaker) -> None:
    archive = archive_with(*articles())
    for text in ("harga beras", "petani", "harga padi langka", "nihil"):
        page, ranking = archive.search(Query(text)), archive.ranking(Query(text), 100)
        assert ranking.article_ids == tuple(hit.article_id for hit in page.hits)
        assert (ranking.total, ranking.relaxed) == (page.total, page.relaxed)
    assert (
        archive.ranking(Query("petani", page=2), 2).article_ids == archive.ranking(Query("petani"), 100).article_ids[:2]
    )


def test_the_baselines_read_a_title_of_its_own_and_no_withdrawn_text() -> None:
    assert searched_text(make_article(title="Judul", body="Isi berita.")) == "Judul\nIsi berita."
    assert searched_text(make_article(title=None, body="Isi berita.")) == "Isi berita."
    assert searched_text(make_article(title="Judul", body="Isi.", status=Status.WITHDRAWN)) == "Judul\n"


def test_readable_articles_are_those_not_under_embargo(archive_with: ArchiveMaker) -> None:
    assert [article.id for article in archive_with(*articles()).readable()] == ["b1", "b2", "b3", "b5"]


# --- the command

Eval = Callable[..., Result]


@pytest.fixture
def telisik_eval(archive_folder: ArchiveFolder, tmp_path: Path) -> Eval:
    """Return a function that runs `telisik eval` on an archive of five articles; `code` is how it must end."""
    fill(archive_folder, articles())

    def run(*arguments: str | Path, code: int = 0, lang: str = "en") -> Result:
        command = ["--lang", lang, "--archive", str(archive_folder.path), "eval", *map(str, arguments)]
        result = CliRunner().invoke(main, command)
        assert result.exit_code == code, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


@pytest.fixture
def queries(tmp_path: Path) -> Path:
    return write(
        tmp_path / "kueri.jsonl",
        '{"id": "k1", "query": "harga beras turun", "relevant": {"b2": 2, "b1": 1, "b5": 0}}',
        '{"id": "k2", "query": "langka", "relevant": "b4"}',
        '{"id": "k3", "query": "panen", "relevant": ["b3", "hilang"]}',
        '{"id": "k4", "query": "cabai"}',
    )


def systems_of(result: Result) -> dict[str, dict[str, dict[str, object]]]:
    return json.loads(result.stdout)["systems"]


def test_a_table_compares_four_analyses_telisik_and_other_systems(
    telisik_eval: Eval, queries: Path, tmp_path: Path
) -> None:
    run = write(tmp_path / "r", "k1 Q0 b1 1 2 lain", "k1 Q0 b2 2 1 lain", "k9 Q0 b2 2 1 lain")
    result = telisik_eval(queries, "--run", run)
    lines = result.stdout.splitlines()
    assert lines[:2] == ["queries: 3, articles: 4", ""]
    assert lines[2].split() == ["MRR@10", "nDCG@10", "Recall@100"]
    starts = ["BM25, no stems", "BM25, Snowball", "BM25, Sastrawi", "BM25, Telisik's analysis", "Telisik", "lain"]
    assert [line[: len(start)] for line, start in zip(lines[3:], starts, strict=False)] == starts
    assert lines[4].split()[2:] == ["0.667", "0.538", "0.500"]  # no brackets: the others are beside this one
    assert "0.333 [" in lines[8]
    assert lines[-1] == ("In brackets: 95 % of the differences to BM25, Snowball, in 1,000 resamples of the queries.")
    assert result.stderr.splitlines() == [
        "queries left out, for no article is judged relevant: 1",
        "articles judged relevant that the archive does not have: 2; they count as not found",
        "queries without hits in lain: 2; they count as 0",
    ]


def test_figures_in_json_are_by_query_and_as_worked_by_hand(telisik_eval: Eval, queries: Path) -> None:
    record = json.loads(telisik_eval(queries, "--json").stdout)
    assert {name: value for name, value in record.items() if name != "systems"} == {
        "queries": ["k1", "k2", "k3"],
        "queries_without_judgement": 1,
        "judged_without_query": 0,
        "articles": 4,
        "relevant_articles_absent": 2,
        "changes_not_indexed": 0,
        "depth": 100,
        "baseline": "snowball",
    }
    assert list(record["systems"]) == ["none", "snowball", "sastrawi", "analysis", "telisik"]
    # k1: the one title with all its words first; k2: under embargo for every system; k3: one of two, first, the other is gone.
    snowball = record["systems"]["snowball"]
    assert snowball["MRR@10"] == {"mean": pytest.approx(2 / 3), "by_query": [1, 0, 1]}
    assert snowball["Recall@100"]["by_query"] == [1, 0, 0.5]
    assert snowball["nDCG@10"]["by_query"][2] == pytest.approx(1 / (1 + 1 / math.log2(3)))
    # "panen" alone is in b3's title; only with stems is it in all bodies, too ("memanen").
    assert record["systems"]["telisik"]["MRR@10"]["by_query"] == [1, 0, 1]
    assert set(record["systems"]["telisik"]["MRR@10"]) == {"mean", "low", "high", "by_query"}


def test_a_withdrawn_text_is_searched_by_no_system(telisik_eval: Eval, tmp_path: Path) -> None:
    path = write(tmp_path / "k.jsonl", '{"query": "uraian 5", "relevant": "b5"}')
    for measures in systems_of(telisik_eval(path, "--json")).values():
        assert measures["Recall@100"]["mean"] == 0


def test_a_run_that_was_written_measures_like_the_system_that_wrote_it(
    telisik_eval: Eval, queries: Path, tmp_path: Path
) -> None:
    run = tmp_path / "t.run"
    telisik_eval(queries, "--write-run", run)
    assert run.read_text(encoding="utf-8").splitlines()[0].startswith("k1 Q0 b2 1 ")
    systems = systems_of(telisik_eval(queries, "--json", "--run", run, "--run", run))
    assert list(systems)[-3:] == ["telisik", "telisik (2)", "telisik (3)"]
    assert systems["telisik"] == systems["telisik (2)"] == systems["telisik (3)"]


def test_the_depth_is_that_of_recall_and_of_the_written_run(
    telisik_eval: Eval, archive_folder: ArchiveFolder, tmp_path: Path
) -> None:
    fill(archive_folder, [make_article(id=f"p{n}", url=None, title=f"Petani {n}") for n in range(20)])
    path = write(tmp_path / "k.tsv", "1\tpetani")
    qrels = write(
        tmp_path / "k.qrels", *[f"1 0 {name} 1" for name in ("b1", "b2", "b3", *(f"p{n}" for n in range(20)))]
    )
    for depth, found in ((10, 10), (500, 23)):
        run = tmp_path / "r"
        result = telisik_eval(path, "--qrels", qrels, "--depth", depth, "--write-run", run, "--json")
        for measures in systems_of(result).values():
            assert list(measures) == ["MRR@10", "nDCG@10", f"Recall@{depth}"]
            assert measures[f"Recall@{depth}"]["mean"] == min(1, depth / 23)
        assert len(run.read_text(encoding="utf-8").splitlines()) == found
    assert "9" in telisik_eval(path, "--depth", "9", code=2).stderr


def test_an_index_that_is_behind_is_told(telisik_eval: Eval, queries: Path, archive_folder: ArchiveFolder) -> None:
    with writing(archive_folder), ArticleStore(archive_folder.store) as store, store.transaction():
        store.put(make_article(id="b9", url=None, title="Baru"))
    assert "changes that the index does not know: 1; run: telisik index" in telisik_eval(queries).stderr


def test_wrong_files_end_the_command_with_1_and_say_what_to_do(
    telisik_eval: Eval, queries: Path, tmp_path: Path
) -> None:
    wrong = write(tmp_path / "salah.jsonl", "rusak")
    assert f"{wrong}, line 1: not a query id, a tab and a query" in telisik_eval(queries, wrong, code=1).stderr
    assert "nihil: No such file" in telisik_eval(queries, "--qrels", tmp_path / "nihil", code=1).stderr
    assert "3 columns" in telisik_eval(queries, "--run", write(tmp_path / "r", "1 Q0 a"), code=1).stderr
    assert "nihil/x.run: No such file" in telisik_eval(queries, "--write-run", tmp_path / "nihil/x.run", code=1).stderr
    assert "holds no archive" in telisik_eval(queries, "--archive", tmp_path / "kosong", code=1).stderr
    assert telisik_eval(queries, wrong, code=1, lang="id").stderr.startswith(
        "telisik: Tidak ada yang diukur karena ada baris yang salah (1); perbaiki, lalu coba lagi:\n"
    )


def test_the_table_speaks_indonesian(telisik_eval: Eval, queries: Path) -> None:
    result = telisik_eval(queries, lang="id")
    assert result.stdout.startswith("kueri: 3, berita: 4\n")
    assert "BM25, tanpa stem" in result.stdout
    assert "0,667" in result.stdout
    assert "kueri tanpa berita yang dinilai relevan, dilewati: 1\n" in result.stderr


# --- the sample queries


def test_the_sample_queries_are_answered_by_the_sample_articles(archive_folder: ArchiveFolder) -> None:
    zone = archive_folder.read_settings().zone
    with as_file(files("index") / "samples") as folder:
        samples = [
            r for path in files_in(folder) for r in records_in(path, zone, root=folder) if isinstance(r, Article)
        ]
    fill(archive_folder, samples)
    searchable = {article.id for article in samples if article.status is not Status.EMBARGOED}
    with as_file(files("search") / "samples" / "queries.jsonl") as path:
        judged = read_queries([path])
        result = CliRunner().invoke(main, ["--archive", str(archive_folder.path), "eval", str(path), "--json"])
    assert len(judged.queries) >= 25
    assert judged.unjudged == 0
    assert {article_id for query in judged.queries for article_id in query.grades} <= searchable
    assert len({query.text for query in judged.queries}) == len(judged.queries)
    for measures in systems_of(result).values():
        assert measures["MRR@10"]["mean"] > 0.8  # a natural query, whose answer any system should rank high
