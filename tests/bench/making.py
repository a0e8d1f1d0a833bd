"""Makes corpora with the maker that comes with the real articles, and stems them for the peers; what is made is kept."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from index.analysis import ANALYZER, ANALYZER_VERSION
from index.schema import day_ordinal
from index.settings import ArchiveFolder
from tests.bench.corpus import Corpus, Stemmed


def real_articles() -> Path:
    """Return the folder that TELISIK_DATA names; end the program, saying so, where it names none."""
    named = os.environ.get("TELISIK_DATA")
    if not named or not Path(named).is_dir():
        raise SystemExit("TELISIK_DATA names no folder of real articles, which this benchmark is made of")
    return Path(named)


def made_corpus(size: int, folder: Path) -> Corpus:
    """Return the corpus of `size` articles below `folder`, made unless it is there.

    Another version of the analyzer gives other stems and so makes its corpus again.
    """
    corpus = Corpus(folder / f"{size}-{ANALYZER_VERSION}")
    if not corpus.queries.exists():
        maker = real_articles().parent / "tools" / "make_corpus.py"
        corpus.folder.mkdir(parents=True, exist_ok=True)
        asked = corpus.folder / "queries.jsonl"
        command = [sys.executable, str(maker), str(size), "--out", str(corpus.articles), "--queries", str(asked)]
        subprocess.run(command, check=True)
        _write_lines(corpus.stemmed, _stemmed_lines(corpus.articles))
        _write_lines(corpus.queries, _asked_lines(asked))  # last: the corpus is whole once this file is there
    return corpus


def _stemmed_lines(articles: Path) -> Iterator[str]:
    zone = ArchiveFolder(articles.parent).read_settings().zone
    with articles.open(encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            moment = datetime.fromisoformat(article["date"])
            text = f"{article['title']}\n{article['body']}"
            stemmed = Stemmed(
                _stems(text), day_ordinal(moment, zone), article["section"], moment.year, article["source"]
            )
            yield json.dumps(stemmed, ensure_ascii=False)


def _asked_lines(queries: Path) -> Iterator[str]:
    with queries.open(encoding="utf-8") as lines:
        for line in lines:
            query = json.loads(line)
            yield json.dumps(query | {"stems": _stems(query["q"])}, ensure_ascii=False)


def _stems(text: str) -> str:
    return " ".join(token.stem for token in ANALYZER.words(text) if token.stem)


def _write_lines(path: Path, lines: Iterator[str]) -> None:
    begun = path.with_suffix(".part")
    with begun.open("w", encoding="utf-8") as out:
        out.writelines(f"{line}\n" for line in lines)
    begun.rename(path)
