"""The benchmarks run, on few articles, and print figures of the right shape; what the figures say is not tested."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from search.judgements import JudgedQuery
from tests.bench.crossing import Outcomes, chosen_by_fold, chosen_by_set, chosen_on_all
from tests.bench.parts import (
    JUDGED,
    OTHERS,
    PRODUCT,
    SHIPPED,
    STRONGER,
    Asked,
    System,
    reciprocal_ranks,
    without_each_part,
)
from tests.bench.rankers import Telisik

ROOT = Path(__file__).parent.parent
LATENCIES = ("p50", "p95", "p99", "mean")
KINDS = ("or", "and", "phrase", "date", "facet")


def run(module: str, *arguments: str | Path) -> str:
    command = [sys.executable, "-m", f"tests.bench.{module}", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


@pytest.fixture(scope="module")
def speed(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict]:
    folder = tmp_path_factory.mktemp("bench")
    written = folder / "speed.json"
    printed = run("speed", "200", "--engines", "telisik,fts5", "--folder", folder, "--json", written)
    return printed, json.loads(written.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def quality(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict]:
    written = tmp_path_factory.mktemp("bench") / "quality.json"
    printed = run("quality", "--articles", "100", "--queries", "20", "--json", written)
    return printed, json.loads(written.read_text(encoding="utf-8"))


def test_each_engine_has_every_figure(speed: tuple[str, dict]) -> None:
    engines = speed[1]["sizes"]["200"]["engines"]
    common = {"index articles/s", "index MB", "peak MB indexing", "MB searching"}
    common |= {f"{kind} {part} ms" for kind in KINDS for part in LATENCIES}
    assert list(engines) == ["telisik", "fts5"]
    for name, figures in engines.items():
        assert figures.pop("version")
        assert set(figures) == common | ({"import articles/s"} if name == "telisik" else set())
        assert all(value > 0 for value in figures.values())


def test_percentiles_are_in_their_order(speed: tuple[str, dict]) -> None:
    for figures in speed[1]["sizes"]["200"]["engines"].values():
        for kind in KINDS:
            median, late, latest = (figures[f"{kind} {part} ms"] for part in LATENCIES[:3])
            assert median <= late <= latest


def test_the_front_end_is_measured_over_http(speed: tuple[str, dict]) -> None:
    web = speed[1]["sizes"]["200"]["web"]
    assert set(web) == {"web MB", *(f"web {part} ms" for part in LATENCIES)}
    assert web["web MB"] > 1


def test_speed_prints_one_table_with_a_column_an_engine(speed: tuple[str, dict]) -> None:
    rows = [cells(line) for line in speed[0].splitlines() if line.startswith("|")]
    assert [name.split()[0] for name in rows[0][1:]] == ["telisik", "fts5"]
    assert {len(row) for row in rows} == {3}
    assert len(rows) == 2 + 5 + len(KINDS) * len(LATENCIES)
    assert "200 articles" in speed[0]
    assert "cores" in speed[0]


def test_machine_and_date_are_recorded(speed: tuple[str, dict], quality: tuple[str, dict]) -> None:
    for _printed, record in (speed, quality):
        assert set(record["machine"]) == {"cores", "cpu", "python", "date"}


def test_each_set_measures_every_system(quality: tuple[str, dict]) -> None:
    sets = quality[1]["sets"]
    assert len(sets) == 3
    for measured in sets.values():
        assert (measured["articles"], measured["queries"]) == (100, 20)
        assert len(measured["systems"]) == 5
        for system, measures in measured["systems"].items():
            assert list(measures) == ["MRR@10", "nDCG@10", "Recall@100"]
            for figures in measures.values():
                assert 0 <= figures["mean"] <= 1
                assert ("low" in figures) == (system != "BM25, Snowball stems")
                assert figures.get("low", 0) <= figures.get("high", 0)


def test_quality_prints_a_table_a_set_and_its_sample(quality: tuple[str, dict]) -> None:
    printed = quality[0]
    assert printed.count("## ") == 3
    assert printed.count("20 queries (a sample of ") == 3
    assert len([line for line in printed.splitlines() if line.startswith("|")]) == 3 * (2 + 5)


def test_an_engine_that_is_not_installed_is_said_to_be(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tantivy.py").write_text("raise ModuleNotFoundError(name='tantivy')\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert "tantivy: not installed (tantivy)" in run("speed", "10", "--engines", "tantivy", "--folder", tmp_path)


@pytest.mark.parametrize("module", ["speed", "quality", "parts"])
def test_without_real_articles_it_says_what_is_missing(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TELISIK_DATA", raising=False)
    done = subprocess.run(
        [sys.executable, "-m", f"tests.bench.{module}", *(["77"] if module == "speed" else [])],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "TELISIK_DATA" in done.stderr
    assert "Traceback" not in done.stderr


# --- the parts of the ranking

# For each part a query, the article that it brings up, and one that is better without it.
DECIDED: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "surface clause": ("pelabuhan", {"body": "Pelabuhan selatan"}, {"body": "Berlabuh selatan"}),
    "earliness": ("jembatan", {"body": "Jembatan kayu tua"}, {"body": "Tua kayu jembatan"}),
    "nearness": ("kopi teh", {"body": "Gula kopi teh lada"}, {"body": "Kopi gula lada teh"}),
    "completeness": (
        "sawah irigasi bendungan pupuk panen",
        {"body": "Kabar kabar kabar sawah lama irigasi lama bendungan lama pupuk lama panen"},
        {"body": "Sawah irigasi bendungan pupuk"},
    ),
    "light function words": ("jagung bahwa", {"body": "Jagung jagung bahwa"}, {"body": "Bahwa bahwa jagung"}),
    "function words told apart": (
        "kapankah gempa melanda",
        {"body": "Gempa besar melanda"},
        {"body": "Kapankah gempa kapankah"},
    ),
    "title weight": (
        "kedelai",
        {"title": "Kedelai", "body": "Impor naik"},
        {"body": "Kedelai kedelai naik lagi pekan ini"},
    ),
    "relaxing of long queries": (
        "guru murid sekolah ujian rapor",
        {"body": "Guru murid sekolah ujian"},
        {"body": "Guru murid sekolah ujian rapor"},
    ),
    "expansions": ("soekarno", {"body": "Sukarno"}, {"body": "Hatta"}),
    "recency": (
        "nelayan",
        {"body": "Nelayan pulang dari laut pagi hari tadi juga"},
        {"body": "Nelayan pulang dari laut pagi hari tadi", "date": "2003-07-28"},
    ),
    "our roots and names (plain Sastrawi)": ("ponsel", {"body": "Ponselnya"}, {"body": "Radio"}),
}


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("decided")
    common = {"title": "Warta", "date": "2023-07-28"}
    records = []
    for part, (_text, right, other) in DECIDED.items():
        records += [common | {"id": f"z {part}"} | right, common | {"id": f"a {part}"} | other]
    Telisik(records, folder).close()
    return folder


@pytest.mark.parametrize("part", without_each_part(), ids=lambda part: part.name)
def test_what_a_part_decides_is_decided_otherwise_without_it(part: System, decided: Path) -> None:
    text = DECIDED[part.name][0]
    asked = Asked(decided, [JudgedQuery("1", text, {f"z {part.name}": 1})])
    assert reciprocal_ranks(asked, part)[0] < reciprocal_ranks(asked, PRODUCT)[0]


def test_the_shipped_setting_changes_nothing(decided: Path) -> None:
    asked = Asked(decided, [JudgedQuery("1", text, {f"z {part}": 1}) for part, (text, *_) in DECIDED.items()])
    shipped = reciprocal_ranks(asked, System("shipped", SHIPPED.changes()))
    assert shipped.tolist() == reciprocal_ranks(asked, PRODUCT).tolist()


def test_a_query_has_no_part_in_the_choice_of_the_setting_it_is_measured_with() -> None:
    """The last setting answers the queries of one fold alone; whatever it does there, the fold is measured with another."""
    folds = Outcomes(np.zeros((1, 50)), np.ones(50)).folds()
    luck = np.where(folds == 2, 1.0, 0.0)
    sets = {"x": Outcomes(np.array([np.full(50, 0.1), np.full(50, 0.15), luck]), np.full(50, 0.2))}
    choices, held_out = chosen_by_fold(sets)
    assert [choice.setting for choice in choices] == [2, 2, 1, 2, 2]
    assert held_out["x"].tolist() == np.where(folds == 2, 0.15, 0.0).tolist()
    assert choices[2].held_out == pytest.approx(0.75)
    assert choices[2].first_held_out == pytest.approx(0.5)


def test_a_set_left_out_is_measured_with_what_the_others_chose() -> None:
    first, second = np.array([[0.5, 0.5], [0.1, 0.1], [0.9, 0.9]]), np.array([[0.5, 0.5], [0.8, 0.8], [0.0, 0.0]])
    sets = {name: Outcomes(rows, np.ones(2)) for name, rows in (("x", first), ("y", second))}
    choices = chosen_by_set(sets)
    assert (choices["x"].setting, choices["x"].held_out, choices["x"].first_held_out) == (1, 0.1, 0.5)
    assert (choices["y"].setting, choices["y"].held_out) == (2, 0.0)
    assert chosen_on_all(sets).setting == 0


@pytest.fixture(scope="module")
def parts(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict]:
    written = tmp_path_factory.mktemp("bench") / "parts.json"
    printed = run("parts", "--articles", "60", "--queries", "10", "--settings", "2", "--json", written)
    return printed, json.loads(written.read_text(encoding="utf-8"))


def test_each_part_is_measured_on_five_sets(parts: tuple[str, dict]) -> None:
    printed, record = parts
    assert {name: of["queries"] for name, of in record["sets"].items()} == dict.fromkeys(record["sets"], 10)
    systems = ["Telisik", *(f"without {part}" for part in DECIDED), "BM25, Snowball stems, our words", STRONGER.name]
    assert list(record["parts"]) == systems
    for figures in record["parts"].values():
        assert list(figures) == list(record["sets"]) == [*JUDGED, *OTHERS]
        assert all(0 <= of["mean"] <= 1 for of in figures.values())
    assert len([line for line in printed.splitlines() if line.startswith("|")]) == 3 * 2 + len(systems) + 5 + 1 + 9


def test_settings_are_chosen_from_those_tried(parts: tuple[str, dict]) -> None:
    settings = parts[1]["settings"]
    assert settings["tried"][0] == SHIPPED._asdict()
    assert len(settings["tried"]) == 3
    assert len(settings["choices"]) == 5 + 3 + 1
    assert all(choice in settings["tried"] for choice in settings["choices"].values())
    assert ["chosen on other folds" in row for row in settings["sets"].values()] == [True] * 3 + [False] * 2
