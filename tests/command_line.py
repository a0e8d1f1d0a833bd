"""The command line as tests run it: in an empty folder, or in one whose archive holds twelve articles."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from web.cli import main

Telisik = Callable[..., Result]


@pytest.fixture
def telisik(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Telisik:
    """Return a function that runs a command line, in English and in an empty folder; `code` is how it must end."""
    monkeypatch.delenv("TELISIK_ARCHIVE", raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path, code: int = 0, **options: object) -> Result:
        result = CliRunner().invoke(main, ["--lang", "en", *map(str, arguments)], **options)  # type: ignore[arg-type]
        assert result.exit_code == code, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


def record(number: int, **changes: object) -> dict[str, object]:
    """Return the record of an article as a file holds it."""
    return {
        "id": f"uji-{number}",
        "title": f"Harga beras {number}",
        "body": f"Harga beras naik {number} persen.\nPedagang mengeluh.",
        "date": f"2023-07-{number:02}T08:00:00+07:00",
        "section": "Ekonomi" if number % 2 else "Hukum",
        "source": "Harian Uji",
        "authors": ["Ratna Dewi"],
        **changes,
    }


def write_jsonl(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    return path


@pytest.fixture
def stocked(telisik: Telisik, tmp_path: Path) -> Telisik:
    """Return the command in a folder whose default archive holds twelve articles."""
    telisik("import", write_jsonl(tmp_path / "berita.jsonl", *(record(n) for n in range(1, 13))))
    return telisik


def found_by(telisik: Telisik, *arguments: str) -> list[str]:
    return [hit["id"] for hit in json.loads(telisik("search", "--json", *arguments).stdout)["hits"]]


def stats_of(telisik: Telisik, *arguments: str | Path) -> dict[str, object]:
    return json.loads(telisik("stats", "--json", *arguments).stdout)
