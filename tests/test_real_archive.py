"""All real articles through the whole program: nothing is lost, and the command line and the pages say the same."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from web.app import create_app
from web.cli import main

QUERIES = (
    "korupsi dana desa",
    '"piala dunia"',
    '"harga minyak"~4',
    "=pemerintah -presiden",
    "judul:timnas ATAU judul:pemain",
    "ekono*",
    "indonesa~",
    'tanggal:"mei 2026" banjir',
    "bagaimana cara mendaftar calon anggota legislatif di daerah",
)


@pytest.fixture(scope="module")
def archive(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Import every file of real articles, and return the archive's folder."""
    folder = tmp_path_factory.mktemp("arsip")
    done = telisik(folder, "import", str(data / "news"), "--json")
    assert done["rejects"] == done["refused"] == []
    return folder


def telisik(folder: Path, *arguments: str) -> dict:
    result = CliRunner().invoke(main, ["--archive", str(folder), *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def client(archive: Path) -> FlaskClient:
    return create_app(archive).test_client()


def test_as_many_articles_are_stored_and_indexed_as_were_in_the_files(archive: Path, data: Path) -> None:
    ids = set()
    for path in sorted((data / "news").glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            ids.update(json.loads(line)["id"] for line in lines)
    stats = telisik(archive, "stats", "--json")
    assert stats["articles"] == len(ids) > 5_000
    assert stats["sequence"] == stats["indexed_sequence"]
    assert telisik(archive, "search", "--json")["total"] == len(ids)
    assert telisik(archive, "doctor", "--json") == {"faults": [], "repaired": False, "left": []}


@pytest.mark.parametrize("query", QUERIES)
def test_the_command_line_and_the_pages_find_the_same_in_the_same_order(
    archive: Path, client: FlaskClient, query: str
) -> None:
    said = telisik(archive, "search", query, "--limit", "50", "--json")
    shown = client.get("/search.json", query_string={"q": query, "size": 50}).get_json()
    assert said["total"] == shown["total"] > 0
    assert [hit["id"] for hit in said["hits"]] == [hit["id"] for hit in shown["hits"]]
    assert said["facets"] == shown["facets"]
    assert all("<mark>" in "".join(hit["snippets"]) + hit["title"] or hit["why"] for hit in shown["hits"])


def test_every_article_is_found_by_its_own_title(archive: Path, client: FlaskClient, data: Path) -> None:
    with (data / "news" / "antara2023.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            words = article["title"].replace('"', " ")
            found = client.get("/search.json", query_string={"q": f'judul:"{words}"', "size": 20}).get_json()
            assert article["id"] in [hit["id"] for hit in found["hits"]], words
