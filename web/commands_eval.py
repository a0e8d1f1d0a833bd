"""The command that measures answers: queries with judgements, asked of the archive and of plain BM25 over four analyses."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click
from babel.numbers import format_decimal

from index.article import JSON
from index.messages import gettext as _
from index.messages import language
from search.archive import Archive
from search.baselines import ANALYSES, Bm25, Collection, searched_text
from search.judgements import JudgedQueries, JudgedQuery, Run, read_queries, read_run, run_lines
from search.measures import DEEPEST, FIRST, RESAMPLES, Floats, measured, summary_of
from search.query import Query
from web.formatting import number_text
from web.options import archive_option, echo, echo_json, is_terminal, json_option

BASELINE = "snowball"
TELISIK = "telisik"
MAX_DEPTH = 1_000

Watched = TypeVar("Watched")
Rankings = list[Sequence[str]]  # what was found for each query, in the queries' order


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured: for each system, by its name for programs, a number a query for each measure.

    `absent` counts articles judged relevant that the archive does not have, `behind` changes that its index does not know.
    """

    judged: JudgedQueries
    articles: int
    absent: int
    behind: int
    systems: Mapping[str, Mapping[str, Floats]]


@click.command("eval")
@click.argument("queries", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--qrels", type=click.Path(path_type=Path), help="Judgements in TREC's format: query id, 0, article id, grade."
)
@click.option(
    "--run", "runs", multiple=True, type=click.Path(path_type=Path),
    help="What another system found, a TREC run, to measure beside; may be repeated.",
)  # fmt: skip
@click.option(
    "--write-run", type=click.Path(path_type=Path), help="Write what Telisik finds to this file, as a TREC run."
)
@click.option(
    "--depth",
    type=click.IntRange(FIRST, MAX_DEPTH),
    default=DEEPEST,
    show_default=True,
    help="Hits that recall looks at.",
)
@json_option
@archive_option
@click.pass_obj
def eval_command(
    path: Path,
    queries: tuple[Path, ...],
    qrels: Path | None,
    runs: tuple[Path, ...],
    write_run: Path | None,
    depth: int,
    as_json: bool,
) -> None:
    """Measure how well queries are answered whose relevant articles are known.

    QUERIES are JSON Lines ({"id": ..., "query": ..., "relevant": ID, [ID, ...] or {ID: grade}}), or TSV (id, tab, query) or
    TREC topics with --qrels. Beside Telisik's answers stand those of plain BM25 without stems, over stems of Snowball and of
    Sastrawi, and over Telisik's own analysis.

    Example: telisik eval kueri.tsv --qrels penilaian.qrels --run sistem-lain.run
    """
    judged = read_queries(queries, qrels)
    others = [read_run(file) for file in runs]
    with closing(Archive(path)) as archive:
        evaluation = _evaluation(archive, judged, others, depth, write_run)
    if as_json:
        echo_json(_record(evaluation, depth))
    else:
        _show(evaluation, others)


def _evaluation(
    archive: Archive, judged: JudgedQueries, runs: Sequence[Run], depth: int, write_run: Path | None
) -> Evaluation:
    count, changes, indexed = archive.progress()
    queries = judged.queries
    found = _found(queries, _("asking Telisik"), lambda text: archive.ranking(Query(text), depth).article_ids)
    if write_run is not None:
        _write_run(write_run, queries, found)
    with _watched(archive.readable(), _("counting words"), count) as articles:
        collection = Collection((article.id, searched_text(article)) for article in articles)
    rankings = {name: _baseline(collection, name, queries, depth) for name in ANALYSES}
    rankings[TELISIK] = found
    rankings |= {name: [run.hits.get(q.id, ()) for q in queries] for name, run in zip(_names(runs), runs, strict=True)}
    grades = [query.grades for query in queries]
    return Evaluation(
        judged=judged,
        articles=len(collection.ids),
        absent=len({article_id for query in queries for article_id in query.relevant()}.difference(collection.ids)),
        behind=changes - indexed,
        systems={name: measured(hits, grades, depth) for name, hits in rankings.items()},
    )


def _baseline(collection: Collection, name: str, queries: Sequence[JudgedQuery], depth: int) -> Rankings:
    label = _labels()[name]

    def watched(words: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        with _watched(words, label, len(words)) as bar:
            yield from bar

    bm25 = Bm25(collection, ANALYSES[name], watched)
    return _found(queries, label, lambda text: bm25.rank(text, depth))


def _found(queries: Sequence[JudgedQuery], label: str, rank: Callable[[str], Sequence[str]]) -> Rankings:
    with _watched(queries, label, len(queries)) as bar:
        return [rank(query.text) for query in bar]


def _watched(things: Iterable[Watched], label: str, count: int) -> AbstractContextManager[Iterable[Watched]]:
    """Return the things one by one within the block, with a progress bar where somebody watches."""
    return click.progressbar(
        things, length=max(1, count), label=label, file=sys.stderr, hidden=not is_terminal(), show_pos=True
    )


def _write_run(path: Path, queries: Sequence[JudgedQuery], found: Rankings) -> None:
    lines = list(run_lines(TELISIK, zip((query.id for query in queries), found, strict=True)))
    path.write_text("".join(lines), encoding="utf-8")


def _names(runs: Sequence[Run]) -> list[str]:
    """Return a name for each run: its tag, numbered where it was given before."""
    names: list[str] = []
    taken = {*ANALYSES, TELISIK}
    for run in runs:
        name, number = run.name, 1
        while name in taken:
            number += 1
            name = f"{run.name} ({number})"
        taken.add(name)
        names.append(name)
    return names


def _labels() -> dict[str, str]:
    """Return what people read for the systems that this command asks itself."""
    return {
        "none": _("BM25, no stems"),
        "snowball": _("BM25, Snowball"),
        "sastrawi": _("BM25, Sastrawi"),
        "analysis": _("BM25, Telisik's analysis"),
        TELISIK: "Telisik",
    }


def _record(evaluation: Evaluation, depth: int) -> dict[str, JSON]:
    summary = summary_of(evaluation.systems, BASELINE)
    systems: dict[str, JSON] = {
        name: {
            measure: {**figures, "by_query": evaluation.systems[name][measure].tolist()}
            for measure, figures in measures.items()
        }
        for name, measures in summary.items()
    }
    return {
        "queries": [query.id for query in evaluation.judged.queries],
        "queries_without_judgement": evaluation.judged.unjudged,
        "judged_without_query": evaluation.judged.unasked,
        "articles": evaluation.articles,
        "relevant_articles_absent": evaluation.absent,
        "changes_not_indexed": evaluation.behind,
        "depth": depth,
        "baseline": BASELINE,
        "systems": systems,
    }


def _show(evaluation: Evaluation, runs: Sequence[Run]) -> None:
    queries = evaluation.judged.queries
    asked, articles = number_text(len(queries)), number_text(evaluation.articles)
    echo(_("queries: %(queries)s, articles: %(articles)s", queries=asked, articles=articles))
    for remark in _remarks(evaluation, runs):
        echo(remark, err=True)
    summary = summary_of(evaluation.systems, BASELINE)
    labels = _labels()
    rows = [["", *summary[BASELINE]]]
    rows += [[labels.get(name, name), *map(_cell, measures.values())] for name, measures in summary.items()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    echo()
    for row in rows:
        echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    echo()
    echo(
        _(
            "In brackets: 95 %% of the differences to %(baseline)s, in %(count)s resamples of the queries.",
            baseline=labels[BASELINE],
            count=number_text(RESAMPLES),
        )
    )


def _remarks(evaluation: Evaluation, runs: Sequence[Run]) -> Iterator[str]:
    """Yield what of files and archive does not fit together."""
    judged = evaluation.judged
    if judged.unjudged:
        yield _("queries left out, for no article is judged relevant: %(count)d", count=judged.unjudged)
    if judged.unasked:
        yield _("judged queries left out, for they are not asked: %(count)d", count=judged.unasked)
    if evaluation.absent:
        yield _(
            "articles judged relevant that the archive does not have: %(count)d; they count as not found",
            count=evaluation.absent,
        )
    if evaluation.behind:
        yield _("changes that the index does not know: %(count)d; run: telisik index", count=evaluation.behind)
    for name, run in zip(_names(runs), runs, strict=True):
        missing = sum(query.id not in run.hits for query in judged.queries)
        if missing:
            yield _("queries without hits in %(run)s: %(count)d; they count as 0", run=name, count=missing)


def _cell(figures: Mapping[str, float]) -> str:
    mean = format_decimal(figures["mean"], format="0.000", locale=language())
    if "low" not in figures:
        return mean
    low, high = (format_decimal(figures[end], format="+0.000;-0.000", locale=language()) for end in ("low", "high"))
    return f"{mean} [{low}, {high}]"


COMMANDS: tuple[click.Command, ...] = (eval_command,)
