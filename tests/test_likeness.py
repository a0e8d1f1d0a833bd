"""The versions of one story: which changes of a text leave it one, how they are counted, listed and put together."""

import random
import re
from datetime import date, datetime, timedelta
from functools import partial

import numpy as np
import pytest
from conftest import ArchiveMaker, fill, make_article

from index.article import Article, Status
from index.dates import WIB
from index.inversion import Inverter
from index.likeness import LEAST_WORDS, SAMPLES
from index.settings import ArchiveFolder
from index.store import ArticleStore
from index.writer import rebuild_index, writing
from search.archive import Archive
from search.engine import GROUPED
from search.likeness import Bodies, are_versions, folded, grouped
from search.query import Query, Sort

WORDS = """
    warga pasar beras harga naik turun pedagang pasokan gudang panen petani sawah hujan banjir jalan rusak perbaikan dana desa
    camat bupati rapat keputusan laporan polisi saksi malam pagi kemarin besok anggaran sekolah guru murid gedung atap roboh
    bantuan relawan posko dapur umum listrik padam kapal nelayan ombak pelabuhan tiket antre penumpang kereta jadwal terlambat
""".split()
article = partial(make_article, url=None)


def story(seed: int, sentences: int = 20) -> str:
    """Sentences of an invented story, a paragraph each, always the same ones for a seed."""
    rng = random.Random(seed)
    return "\n".join(" ".join(rng.choices(WORDS, k=12)).capitalize() + "." for _ in range(sentences))


def lines(text: str) -> list[str]:
    return text.split("\n")


CHANGES = {
    "nothing": lambda text: text,
    "the paragraphs in one": lambda text: text.replace("\n", " "),
    "another dateline": lambda text: f"KOTA UJI, Kabar Uji – {text}",
    "another first sentence": lambda text: "\n".join([*lines(story(99, 1)), *lines(text)[1:]]),
    "the last third cut": lambda text: "\n".join(lines(text)[:14]),
    "the last two fifths cut": lambda text: "\n".join(lines(text)[:12]),
    "every fifth sentence dropped": lambda text: "\n".join(s for n, s in enumerate(lines(text)) if n % 5 != 2),
    "more at the end": lambda text: f"{text}\n{story(98, 3)}",
    "capitals and marks": lambda text: text.upper().replace(".", " !"),
}


def are_alike(one: str, other: str) -> bool:
    inverter = Inverter()
    texts = inverter.texts([f"Judul\n{one}", f"Judul lain sama sekali\n{other}"])
    bodies = Bodies(inverter.signatures(texts, 2), inverter.boundaries(texts, 2)[2])
    return bool(are_versions(bodies.at(np.array([0])), bodies.at(np.array([1])))[0])


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("seed", range(3))
def test_a_text_that_a_desk_has_changed_is_still_the_same_story(change: str, seed: int) -> None:
    assert are_alike(story(seed), CHANGES[change](story(seed)))


@pytest.mark.parametrize(
    "other",
    [
        story(7),
        story(1, 3) + "\n" + story(7, 17),  # the same background paragraphs, another story
        story(1, 13) + "\n" + story(7, 7),  # two thirds of the text, and another third
        story(1, 7),  # a short text inside of a long one
        re.sub(r"\b(\w+) (\w+) (\w+)\b", r"\1 \2 lain", story(1)),  # a form, each third word filled in anew
        "",
    ],
    ids=["another story", "shared background", "two thirds", "a part", "a form", "nothing"],
)
def test_what_shares_less_is_another_story(other: str) -> None:
    assert not are_alike(story(1), other)


def test_a_price_list_of_another_day_is_no_version() -> None:
    def prices(day: int) -> str:
        rows = [f"Harga {weight} gram emas hari ini Rp{weight * 900 + day}.000 per keping." for weight in range(1, 20)]
        return "\n".join(["Harga emas di toko dan pegadaian diumumkan pagi ini.", *rows])

    assert not are_alike(prices(1), prices(2))
    assert are_alike(prices(1), prices(1) + " Harga belum termasuk pajak.")


def test_short_bodies_and_none_have_no_signature() -> None:
    inverter = Inverter()
    short, enough = (" ".join(WORDS[:n]) for n in (LEAST_WORDS - 1, LEAST_WORDS))
    texts = inverter.texts([f"Judul\n{short}", "", f"Judul\n{enough}", f"{enough} dalam judul"])
    assert inverter.signatures(texts, 4).any(axis=1).tolist() == [False, False, True, False]
    assert not are_alike(short, short)


def test_a_signature_hangs_on_the_words_alone() -> None:
    """Not on what else was in the batch, nor on what the process has read before: segments are compared."""
    other = Inverter()
    other.texts([story(50), "lain"])
    many = other.signatures(other.texts([f"x\n{story(n, 5)}" for n in range(20)]), 20)
    for n in range(20):
        alone = Inverter()
        assert alone.signatures(alone.texts([f"Judul lain\n{story(n, 5)}"]), 1)[0].tolist() == many[n].tolist()


def test_as_many_bytes_agree_as_runs_are_shared() -> None:
    """Two texts with half of their runs in common, over many: the mean is what Broder's theorem says."""
    inverter = Inverter()
    count = 300
    bodies = [story(n, 12) for n in range(count)]
    others = ["\n".join([*lines(body)[:8], *lines(story(1_000 + n, 4))]) for n, body in enumerate(bodies)]
    texts = inverter.texts([f"x\n{body}" for body in bodies + others])
    bytes_of = inverter.signatures(texts, 2 * count).view(np.uint8)
    shared = 8 * 12 - 4
    expected = shared / (2 * (12 * 12 - 4) - shared)
    agreeing = float((bytes_of[:count] == bytes_of[count:]).mean())
    assert agreeing == pytest.approx(expected, abs=4 * (expected / SAMPLES / count) ** 0.5)


# --- in an archive


def wire(article_id: str, seed: int, change: str = "nothing", **changes: object) -> Article:
    return article(**{"id": article_id, "title": f"Kabar {article_id}", "body": CHANGES[change](story(seed))} | changes)


def found(archive: Archive, text: str, **how: object) -> list[tuple[str, int, bool]]:
    return [(hit.article_id, hit.versions, hit.folded) for hit in archive.search(Query(text, **how)).hits]


def test_each_hit_says_how_many_other_versions_readers_may_see(
    archive_with: ArchiveMaker, archive_folder: ArchiveFolder
) -> None:
    later = datetime.now(WIB) + timedelta(days=9)
    archive = archive_with(
        wire("a", 1),
        wire("b", 1, "the last third cut"),
        wire("rahasia", 1, status=Status.EMBARGOED, date=later),
        wire("ditarik", 1, status=Status.WITHDRAWN),
        wire("lain", 2),
    )
    fill(archive_folder, [wire("c", 1, "another dateline")])  # in a segment of its own
    assert {article_id: versions for article_id, versions, _ in found(archive, "judul:kabar")} == {
        "a": 2, "b": 2, "c": 2, "ditarik": 0, "lain": 0,
    }  # fmt: skip
    with writing(archive_folder), ArticleStore(archive_folder.store) as store:
        store.delete("b")
        rebuild_index(archive_folder, store, archive_folder.read_settings())
    assert {hit[:2] for hit in found(archive, "judul:kabar")} >= {("a", 1), ("c", 1)}


def test_the_versions_of_an_article_are_listed_newest_first_and_searched_for(archive_with: ArchiveMaker) -> None:
    days = {"a": date(2023, 1, 5), "b": date(2023, 1, 7), "c": None, "d/e (1)": date(2023, 1, 9)}
    archive = archive_with(*(wire(name, 1, date=day) for name, day in days.items()), wire("lain", 2))
    assert [headline.article_id for headline in archive.versions("a")] == ["d/e (1)", "b", "c"]
    assert archive.versions("lain") == archive.versions("tidak ada") == ()
    for typed in ("versi:a", "version:a", 'versi:"d/e (1)"'):
        assert sorted(hit[0] for hit in found(archive, typed)) == sorted(days), typed
    assert not any(hit[2] for hit in found(archive, "versi:a"))  # all are asked for: none stands behind another
    assert any(hit[2] for hit in found(archive, "versi:a kabar"))
    asked = {typed: archive.search(Query(typed)).versions_of for typed in ("versi:a", "versi:a kabar", "-versi:a", "a")}
    assert asked == {"versi:a": "a", "versi:a kabar": None, "-versi:a": None, "a": None}
    assert [hit[0] for hit in found(archive, "kabar -versi:b")] == ["lain"]
    assert [hit[0] for hit in found(archive, "versi:lain")] == ["lain"]
    assert found(archive, 'versi:"tidak ada"') == []
    assert archive.search(Query('version:"d/e 1"')).understood == 'versi:"d/e 1"'


def test_who_may_not_see_an_article_does_not_learn_of_its_versions(archive_with: ArchiveMaker) -> None:
    later = datetime.now(WIB) + timedelta(days=9)
    archive = archive_with(wire("a", 1), wire("rahasia", 1, status=Status.EMBARGOED, date=later))
    assert found(archive, "versi:rahasia") == []
    assert archive.versions("rahasia") == ()
    assert archive.versions("a") == ()


def test_by_relevance_the_versions_of_a_story_stand_behind_the_best_of_them(archive_with: ArchiveMaker) -> None:
    archive = archive_with(
        wire("a", 1, title="Panenraya panenraya di sawah"),
        wire("lain", 2, title="Panenraya di sawah warga"),
        wire("b", 1, "the last third cut", title="Kabar panenraya dari sawah warga di desa sebelah utara gunung"),
    )
    together = [("a", 1, False), ("b", 1, True), ("lain", 0, False)]
    assert found(archive, "panenraya") == together
    pages = [found(archive, "panenraya", size=1, page=page)[0][0] for page in (1, 2, 3)]
    assert pages == ["a", "b", "lain"]
    assert archive.search(Query("panenraya")).total == 3
    scores = {hit.article_id: hit.score for hit in archive.search(Query("panenraya")).hits}
    assert scores["b"] < scores["lain"] < scores["a"]


def test_another_order_stays_as_it_is(archive_with: ArchiveMaker) -> None:
    days = {"a": (date(2023, 1, 9), 1), "lain": (date(2023, 1, 8), 2), "b": (date(2023, 1, 7), 1)}
    archive = archive_with(*(wire(name, seed, date=day) for name, (day, seed) in days.items()))
    assert [hit[0] for hit in found(archive, "kabar", sort=Sort.NEWEST)] == ["a", "lain", "b"]


def test_all_pages_together_hold_each_hit_once_also_around_the_last_place_that_is_put_in_order(
    archive_with: ArchiveMaker,
) -> None:
    archive = archive_with(*(wire(f"uji-{n:03}", n % 40, "nothing") for n in range(GROUPED + 30)))
    seen = [hit[0] for page in range(1, 15) for hit in found(archive, "kabar", page=page)]
    assert sorted(seen) == [f"uji-{n:03}" for n in range(GROUPED + 30)]
    assert seen[:3] == ["uji-000", "uji-040", "uji-080"]
    whole = [hit.article_id for hit in archive.search(Query("kabar", size=100)).hits]
    assert whole == seen[:100]


def test_groups_are_of_versions_of_the_first_and_keep_their_order() -> None:
    inverter = Inverter()
    seeds = (1, 2, 1, 3, 2, 1)
    texts = inverter.texts([f"x\n{story(seed)}" for seed in seeds])
    bodies = Bodies(inverter.signatures(texts, 6), inverter.boundaries(texts, 6)[2])
    order = grouped(bodies)
    assert order == [0, 2, 5, 1, 4, 3]
    assert folded(bodies.at(np.array(order))) == (False, True, True, False, True, False)
    assert folded(bodies) == (False,) * 6
    nothing = bodies.at(np.zeros(0, dtype=np.intp))
    assert (grouped(nothing), folded(nothing)) == ([], ())


def test_what_is_like_a_version_but_not_like_the_first_of_them_is_not_folded() -> None:
    rng = np.random.default_rng(1)
    one, other = rng.integers(1, 256, (2, SAMPLES), dtype=np.uint8)
    between = np.concatenate([one[: SAMPLES // 2], other[SAMPLES // 2 :]])
    bodies = Bodies(np.stack([one, between, other]).view(np.int64), np.array([100, 200, 100]))
    assert folded(bodies) == (False, True, False)
    assert grouped(bodies.at(np.array([0, 2, 1]))) == [0, 2, 1]


def test_an_article_that_changed_since_it_was_first_indexed_has_versions_as_it_is_now(
    archive_with: ArchiveMaker,
) -> None:
    archive = archive_with(*(wire(f"uji-{n}", n) for n in range(30)), wire("dua", 2))
    fill(archive.folder, [wire("uji-1", 2)])
    assert len(archive._engine._newest().views) == 2
    assert sorted(hit[0] for hit in found(archive, "versi:uji-1")) == ["dua", "uji-1", "uji-2"]
    assert [headline.article_id for headline in archive.versions("dua")] == ["uji-1", "uji-2"]


def test_segments_find_what_comparing_every_pair_finds(archive_with: ArchiveMaker) -> None:
    """The buckets leave nothing out: in an archive of several segments, large and small."""
    kinds = list(CHANGES)
    archive = archive_with(*(wire(f"uji-{n:03}", n % 50, kinds[n % len(kinds)]) for n in range(400)))
    fill(archive.folder, [wire("baru", 3, "the last two fifths cut")])
    views = archive._engine._newest().views
    assert len(views) == 2
    bodies = Bodies(*(np.concatenate(columns) for columns in zip(
        *((found.signatures, found.lengths) for found in (
            Bodies.in_segment(view.arrays, np.arange(view.arrays.count)) for view in views
        )), strict=True,
    )))  # fmt: skip
    labels = [view.arrays.labels[row] for view in views for row in range(view.arrays.count)]
    for row, label in enumerate(labels):
        alike = are_versions(bodies.at(np.full(len(labels), row)), bodies)
        expected = {labels[other] for other in np.flatnonzero(alike) if other != row}
        assert set(archive._engine.versions(label)) == expected
