"""Measures what is found to be one story, and what is found to be related, on real articles.

`python -m tests.bench.likeness` prints how many of the texts that a desk might make of a real article are known as versions of
it, which pairs of real articles are versions (with `--pairs`, to be judged by eye), and how many of an article's related ones
share its section or a tag. TELISIK_DATA names the articles.
"""

import json
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.article import article_from_fields
from index.inversion import Inverter
from index.settings import ArchiveFolder
from index.store import ArticleStore
from index.writer import update_index, writing
from search.archive import Archive
from search.likeness import Bodies, are_versions
from tests.bench.making import real_articles
from tests.bench.tables import figure, table

LEAST_WORDS = 150  # of an article whose text is changed
SAMPLE = 200  # articles of each file whose related ones are looked at
SECTIONED = ("detik2026", "tribun2018", "pemilu2023")
TAGGED = "politik2025"
ADDED = "Ikuti kabar terbaru kami di ponsel Anda dan jangan lewatkan liputan khusus akhir pekan. " * 3

Change = Callable[[str, random.Random], str]
Record = dict[str, Any]


def main() -> None:
    """Print the tables."""
    records = {
        path.stem: [json.loads(line) for line in path.read_text(encoding="utf-8").strip().split("\n")]
        for path in sorted((real_articles() / "news").glob("*.jsonl"))
    }
    every = [record for several in records.values() for record in several]
    print(_changes_table([record["body"] for record in every if len(record.get("body", "").split()) >= LEAST_WORDS]))
    with tempfile.TemporaryDirectory() as folder:
        archive = _archive_of(every, Path(folder))
        titles = {record["id"]: record["title"] for record in every}
        versions = {record["id"]: archive._engine.versions(record["id"]) for record in every}
        pairs = sorted({tuple(sorted((one, other))) for one, others in versions.items() for other in others})
        print(f"\n{len(pairs)} pairs, {sum(map(bool, versions.values()))} of {len(every)} articles have versions\n")
        if "--pairs" in sys.argv:
            print("\n".join(f"{titles[one]} | {titles[other]}" for one, other in pairs))
        print(_related_table(archive, records))
        archive.close()


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?”\"])\s+", text)


def _first_share(share: float) -> Change:
    def cut(text: str, rng: random.Random) -> str:
        words = text.split()
        return " ".join(words[: int(len(words) * share)])

    return cut


def _without_sentences(text: str, rng: random.Random) -> str:
    return " ".join(s for place, s in enumerate(_sentences(text)) if place == 0 or rng.random() > 0.2)


def _another_lead(text: str, rng: random.Random) -> str:
    """Reverse the words of the first eighth of the sentences, one or two."""
    sentences = _sentences(text)
    count = max(1, min(2, len(sentences) // 8))
    return " ".join([*(" ".join(reversed(s.split())) for s in sentences[:count]), *sentences[count:]])


def _another_dateline(text: str, rng: random.Random) -> str:
    return "KOTA UJI, Kabar Uji – " + re.sub(r"^[^-–]{3,40}[-–]", "", text, count=1)


def _with_slips(share: float) -> Change:
    def slipped(text: str, rng: random.Random) -> str:
        return " ".join(w[:1] + w[2:3] + w[1:2] + w[3:] if rng.random() < share else w for w in text.split())

    return slipped


def _both(one: Change, other: Change) -> Change:
    return lambda text, rng: other(one(text, rng), rng)


CHANGES: dict[str, Change] = {
    "headline alone": lambda text, rng: text,
    "dateline": _another_dateline,
    "lead": _another_lead,
    "last 30 % cut": _first_share(0.7),
    "last 50 % cut": _first_share(0.5),
    "every fifth sentence dropped": _without_sentences,
    "boilerplate added": lambda text, rng: f"{text} {ADDED}",
    "slips in 1 % of words": _with_slips(0.01),
    "slips in 3 % of words": _with_slips(0.03),
    "lead, last 30 % cut": _both(_another_lead, _first_share(0.7)),
    "dateline, boilerplate, last 30 % cut": _both(_another_dateline, lambda t, r: _first_share(0.7)(t, r) + ADDED),
    "sentences dropped, slips in 1 %": _both(_without_sentences, _with_slips(0.01)),
}


def _changes_table(bodies: Sequence[str]) -> str:
    inverter = Inverter()

    def read(texts: Sequence[str]) -> Bodies:
        found = inverter.texts([f"Judul\n{text}" for text in texts])
        return Bodies(inverter.signatures(found, len(texts)), inverter.boundaries(found, len(texts))[2])

    originals = read(bodies)
    rng = random.Random(1)
    rows = []
    for name, change in CHANGES.items():
        known = are_versions(originals, read([change(body, rng) for body in bodies]))
        rows.append([name, figure(100 * float(known.mean()))])
    strangers = are_versions(originals, originals.at(np.asarray(rng.sample(range(len(bodies)), len(bodies)))))
    rows.append(["another article", figure(100 * float(strangers.mean()))])
    return table(["changed", f"% of {len(bodies)} known"], rows)


def _archive_of(records: Sequence[Record], path: Path) -> Archive:
    folder = ArchiveFolder(path)
    with writing(folder), ArticleStore(folder.store) as store:
        with store.transaction():
            for record in records:
                store.put(article_from_fields(id=record["id"], title=record["title"], body=record.get("body")))
        update_index(folder, store, folder.read_settings())
    return Archive(path)


def _related_table(archive: Archive, records: dict[str, list[Record]]) -> str:
    marks = {
        record["id"]: {record["section"]} if name in SECTIONED else set(record.get("tags") or ())
        for name in (*SECTIONED, TAGGED)
        for record in records[name]
    }
    rows = []
    for name in (*SECTIONED, TAGGED):
        of_file = {record["id"] for record in records[name]}
        asked = random.Random(2).sample(sorted(of_file), min(SAMPLE, len(of_file)))
        pairs = [(one, near.article_id) for one in asked for near in archive.related(one) if near.article_id in of_file]
        shared = sum(bool(marks[one] & marks[other]) for one, other in pairs) / len(pairs)
        rows.append([name, figure(len(pairs)), figure(100 * shared), figure(100 * _by_chance(asked, of_file, marks))])
    return table(["file", "related within it", "% sharing section or tag", "% by chance"], rows)


def _by_chance(asked: Sequence[str], of_file: set[str], marks: dict[str, set[str]]) -> float:
    """Return how many pairs of an asked article and any of the file share a mark."""
    shared = Counter(bool(marks[one] & marks[other]) for one in asked for other in of_file if one != other)
    return shared[True] / shared.total()


if __name__ == "__main__":
    main()
