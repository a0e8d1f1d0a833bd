"""The benchmarks run, on few articles, and print figures of the right shape; what the figures say is not tested."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("module", ["speed", "quality"])
def test_without_real_articles_it_says_what_is_missing(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TELISIK_DATA", raising=False)
    done = subprocess.run(
        [sys.executable, "-m", f"tests.bench.{module}", *(["77"] if module == "speed" else [])],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "TELISIK_DATA" in done.stderr
    assert "Traceback" not in done.stderr
