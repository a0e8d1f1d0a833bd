"""The description of the addresses for programs: every one is in it, and the running server does what it says."""

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

from conftest import ClientMaker, fill, make_article
from openapi_spec_validator import validate
from test_cli_keeping import fetched, served

from index.article import Correction, CorrectionKind, Status
from index.settings import ArchiveFolder
from web.app import create_app

ARGUMENTS = {
    "<entry_field:field>": "people",
    "<article_id:article_id>": "uji-1",
    "<int:part>": "1",
    "<name>": "siti-rahma",
}
CONFIG = """
seed = 1
[generation]
mode = "all"
max-examples = 15
deterministic = true
[checks.negative_data_rejection]
expected-statuses = [400, 404, 405, 409, 413, 414]  # who takes no such long address says so before anything else
"""
HOOKS = """
import schemathesis

LONGEST = 2_000
FREE = ("q", "letter", "title", "lang")


@schemathesis.hook
def filter_case(context, case):
    query = case.query or {}
    values = [part for value in query.values() for part in (value if isinstance(value, list) else [value])]
    # In an address all is text: what is no text before it is written there is not wrong in it.
    if any(part is None or isinstance(part, (dict, list)) for part in values):
        return False
    # What the words of the description tell, but no schema can: spaces around a value do not count, days are in order.
    if any(isinstance(value, str) and value != value.strip() for name, value in query.items() if name not in FREE):
        return False
    if any(isinstance(part, str) and len(part.strip()) <= LONGEST < len(part) for part in values):
        return False
    first, last = query.get("from"), query.get("to")
    if isinstance(first, str) and isinstance(last, str) and first and last and first[:4] >= last[:4]:
        return False
    # In a form all is text, too; and a file may be any.
    if case.media_type == "multipart/form-data":
        body = case.body if isinstance(case.body, dict) else {}
        return isinstance(body.get("names"), str) and bool(body["names"].strip()) and "file" not in body
    return True
"""


def sample(folder: ArchiveFolder) -> None:
    """Make an archive that has something of everything."""
    reason = Correction(CorrectionKind.WITHDRAWAL, "Keliru.", date(2023, 2, 1))
    folder.path.mkdir(parents=True, exist_ok=True)
    folder.people.write_text("slug,name,aliases\nsiti-rahma,Siti Rahma,Bu Siti\n", encoding="utf-8")
    several = [
        make_article(
            id=f"uji/{n}", url=None, title=f"Harga beras {n}", date=date(2018 + n, 5, n + 1), people=("Siti Rahma",)
        )
        for n in range(1, 6)
    ]
    fill(
        folder,
        [
            make_article(
                people=("Siti Rahma", "Budi Hartono"), topics=("Pangan",), summary="Ringkas.", tags=("beras",)
            ),
            make_article(
                id="tanpa", url=None, date=None, section=None, source=None, authors=(), extra={"kota": "Solo"}
            ),
            make_article(id="dicabut", url=None, status=Status.WITHDRAWN, corrections=(reason,)),
            *several,
        ],
    )


def test_the_running_server_does_what_is_described(tmp_path: Path) -> None:
    folder = ArchiveFolder(tmp_path / "arsip")
    sample(folder)
    (tmp_path / "hooks.py").write_text(HOOKS, encoding="utf-8")
    (tmp_path / "schemathesis.toml").write_text(f"hooks = {str(tmp_path / 'hooks.py')!r}\n{CONFIG}", encoding="utf-8")
    with served(folder.path) as (address, _server):
        assert (
            json.loads(fetched(f"{address}/search.json?q={'%C3%A9' * 1_300}"))["total"] == 0
        )  # as long as a query may be
        command = Path(sys.executable).with_name("schemathesis")
        run = subprocess.run(
            [command, "--no-color", "run", f"{address}/openapi.json", "--continue-on-failure", "--warnings", "off"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr


def test_the_description_is_one_of_openapi(client_of: ClientMaker) -> None:
    answer = client_of(make_article()).get("/openapi.json")
    validate(json.loads(answer.data))
    assert answer.content_type == "application/vnd.oai.openapi+json;version=3.1"


def shape(path: str) -> str:
    """Return a path with all that varies in it alike."""
    return re.sub(r"<[^>]*>|\{[^}]*\}", "{}", path)


def test_every_address_that_answers_no_page_is_described(client_of: ClientMaker) -> None:
    client = client_of(make_article(people=("Siti Rahma",), topics=("Pangan",)))
    described = {shape(path) for path in client.get("/openapi.json").get_json()["paths"]}
    seen = set()
    for rule in client.application.url_map.iter_rules():
        paths = [rule.rule.replace("<entry_field:field>", name) for name in ("people", "topics")]
        for path in dict.fromkeys(paths):
            if rule.endpoint == "telisik.static" or "/archivist/" in path or shape(path) in described:
                seen.add(shape(path))
                continue
            address = path
            for part, value in ARGUMENTS.items():
                address = address.replace(part, value)
            answer = client.open(address, method="GET" if "GET" in rule.methods else "POST", follow_redirects=True)
            assert answer.mimetype in ("text/html", "text/css", "image/svg+xml"), path
    assert {"/search.json", "/people/{}.rss", "/batch.json", "/sitemap-{}.xml"} <= seen
    assert described - seen == {f"/articles/{{}}.{form}" for form in ("json", "ris", "bib", "csl.json")}


def test_addresses_begin_where_the_archive_is_mounted(archive_folder: ArchiveFolder) -> None:
    fill(archive_folder, [make_article()])
    client = create_app(archive_folder.path).test_client()
    record = client.get("/openapi.json", base_url="https://arsip.example/berita/").get_json()
    assert record["servers"] == [{"url": "https://arsip.example/berita"}]
