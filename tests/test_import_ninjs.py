import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.article import JSON, Article, Correction, CorrectionKind, LeftOut, Reject, Status
from index.dates import WIB
from index.importers import Record, SourceFile
from index.importers.ninjs import holds_lines, read_ninjs


def read(tmp_path: Path, content: JSON) -> list[Record]:
    path = tmp_path / "kiriman.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return list(read_ninjs(SourceFile(path, path, WIB)))


EARLY, LATER = "2020-01-01T00:00:00Z", "2020-01-03T00:00:00Z"


def item(**members: JSON) -> dict[str, JSON]:
    return {"uri": "urn:uji:1", "headline": "Harga beras naik", "body_text": "Harga naik.", **members}


def article_of(tmp_path: Path, **members: JSON) -> Article:
    (article,) = read(tmp_path, item(**members))
    assert isinstance(article, Article), article
    return article


OTHER = item(uri="urn:uji:2")


@pytest.mark.parametrize(
    ("content", "ids"),
    [
        (json.dumps(item()), ["urn:uji:1"]),
        (json.dumps(item(), indent=2), ["urn:uji:1"]),
        (json.dumps(item(items=[{"a": 1}])), ["urn:uji:1"]),
        (json.dumps([item(), OTHER]), ["urn:uji:1", "urn:uji:2"]),
        (json.dumps({"items": [item(), OTHER]}), ["urn:uji:1", "urn:uji:2"]),
        (json.dumps({"items": [item(), OTHER]}, indent=1), ["urn:uji:1", "urn:uji:2"]),
        ('{"items": [' + json.dumps(item()) + ",\n" + json.dumps(OTHER) + "]}", ["urn:uji:1", "urn:uji:2"]),
        (json.dumps(item()) + "\n\n" + json.dumps(OTHER) + "\n", ["urn:uji:1", "urn:uji:2"]),
    ],
)
def test_items_are_found_however_they_are_packed(tmp_path: Path, content: str, ids: list[str]) -> None:
    assert [record.id for record in read(tmp_path, content) if isinstance(record, Article)] == ids


def test_a_broken_line_is_rejected_and_the_next_is_read(tmp_path: Path) -> None:
    first, second = read(tmp_path, '{"uri": "urn:uji:0", rusak}\n' + json.dumps(item()))
    assert isinstance(first, Reject)
    assert first.place == "line 1"
    assert isinstance(second, Article)


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ('{"a": 1}\n{"a": 2}\n', True),
        ('\n{"a": 1}\n', True),
        ('{"a": salah}\n{"a": 2}\n', True),
        ('{"articles": [{"a": 1}]}', False),
        ('{"articles": [{"a": 1},\n{"a": 2}]}', False),
        ('{\n"a": 1}', False),
        ('[{"a": 1}]', False),
        ("", False),
    ],
)
def test_json_lines_are_told_from_a_document(tmp_path: Path, content: str, lines: bool) -> None:
    path = tmp_path / "a.json"
    path.write_text(content)
    assert holds_lines(path) is lines


@pytest.mark.parametrize("kind", ["picture", "event", "composite", "video"])
def test_what_is_no_text_is_left_out(tmp_path: Path, kind: str) -> None:
    (record,) = read(tmp_path, item(type=kind))
    assert isinstance(record, LeftOut)
    assert record.reason == f"no article but of type '{kind}'"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"headline": "Tanpa alamat"}, "«Tanpa alamat»: field 'uri' is missing"),
        ({"uri": "urn:uji:3", "description_text": "Hanya itu"}, "«urn:uji:3»: an article needs a title or a body"),
        (item(headline=["a"]), "«urn:uji:1»: field 'headline' is no text"),
        (
            item(headline="Beras", pubstatus="entah"),
            "«Beras»: pubStatus 'entah' is not one of: usable, published, withheld, canceled",
        ),
        (
            item(versioncreated="kemarin"),
            "«Harga beras naik»: 'kemarin' is no date that can be read; an example: 2023-07-28",
        ),
        ("bukan objek", "not a JSON object"),
    ],
)
def test_what_makes_no_article_is_rejected_with_its_item_and_reason(tmp_path: Path, value: JSON, reason: str) -> None:
    (record, _other) = read(tmp_path, [value, OTHER])
    assert isinstance(record, Reject)
    assert (record.place, record.reason) == ("item 1", reason)


@pytest.mark.parametrize(
    ("members", "body"),
    [
        (
            {
                "bodies": [
                    {"contenttype": "text/plain", "value": "Polos."},
                    {"contenttype": "text/html", "value": "<p>A<p>B"},
                ]
            },
            "A\nB",
        ),
        (
            {
                "bodies": [
                    {"contentType": "text/plain", "value": "Polos."},
                    {"contentType": "body_xhtml", "value": "<p>A</p>"},
                ]
            },
            "A",
        ),
        ({"bodies": [{"role": "lain", "value": "Lain."}, {"role": "main", "value": "Utama."}]}, "Utama."),
        ({"body_text": "Polos.", "body_html": "<p>A</p><p>B</p>"}, "A\nB"),
        ({"body_text": "", "body_xhtml": "<div>A</div>"}, "A"),
        ({"body_text": None, "description_text": "Keterangan."}, "Keterangan."),
    ],
)
def test_the_best_of_the_bodies_is_taken(tmp_path: Path, members: dict[str, JSON], body: str) -> None:
    assert article_of(tmp_path, **members).body == body


SOON = (datetime.now(UTC) + timedelta(days=2)).isoformat(timespec="seconds")


@pytest.mark.parametrize(
    ("members", "status", "published"),
    [
        ({}, Status.PUBLISHED, None),
        ({"pubstatus": "withheld"}, Status.EMBARGOED, None),
        ({"pubStatus": "Canceled"}, Status.WITHDRAWN, None),
        ({"versioncreated": EARLY, "embargoed": LATER}, Status.PUBLISHED, LATER),
        ({"versioncreated": LATER, "embargoed": EARLY}, Status.PUBLISHED, LATER),
        ({"versionCreated": EARLY, "embargoedUntil": SOON}, Status.EMBARGOED, SOON),
        ({"embargoedUntil": SOON}, Status.EMBARGOED, SOON),
        ({"firstCreated": EARLY, "versionCreated": LATER}, Status.PUBLISHED, EARLY),
    ],
)
def test_status_and_date_follow_the_agency(
    tmp_path: Path, members: dict[str, JSON], status: Status, published: str | None
) -> None:
    article = article_of(tmp_path, **members)
    assert article.status is status
    assert article.date == (datetime.fromisoformat(published) if published else None)


@pytest.mark.parametrize(("note", "text"), [("Keliru.", "Keliru."), ("", "Withdrawn by the agency.")])
def test_a_cancelled_item_says_why_it_was_withdrawn(tmp_path: Path, note: str, text: str) -> None:
    article = article_of(tmp_path, pubstatus="canceled", ednote=note)
    assert article.corrections == (Correction(CorrectionKind.WITHDRAWAL, text),)


@pytest.mark.parametrize(
    ("members", "field", "value"),
    [
        ({"by": "Ratna dan Budi"}, "authors", ("Ratna", "Budi")),
        ({"bylines": [{"by": "Ratna"}, {"name": "Budi"}]}, "authors", ("Ratna", "Budi")),
        ({"infosources": [{"name": "Antar Berita"}], "copyrightholder": "Lain"}, "source", "Antar Berita"),
        ({"copyrightHolder": "Harian Uji"}, "source", "Harian Uji"),
        ({"people": [{"name": "Budi"}, {"rel": "tanpa nama"}]}, "people", ("Budi",)),
        ({"subjects": [{"name": "pasar"}, {"name": "ekonomi", "uri": "medtop:04"}]}, "tags", ("pasar",)),
        ({"subject": [{"name": "ekonomi", "uri": "http://cv.iptc.org/mediatopic/04"}]}, "topics", ("ekonomi",)),
        ({"genres": [{"name": "Opini"}]}, "section", "Opini"),
        ({"section": "Daerah", "genres": [{"name": "Opini"}]}, "section", "Daerah"),
        (
            {"headlines": [{"role": "short", "value": "Naik"}, {"role": "main", "value": "Harga naik"}]},
            "title",
            "Harga naik",
        ),
        ({"descriptions": [{"value": "Ringkas &amp; jelas."}]}, "summary", "Ringkas & jelas."),
        ({"language": "id"}, "language", "id"),
        (
            {"language": "id", "slugline": "beras", "places": [{"name": "Cipinang"}], "edNote": ""},
            "extra",
            {"slugline": "beras", "places": [{"name": "Cipinang"}]},
        ),
        (
            {"people": [{"name": "Budi", "uri": "urn:orang:1"}]},
            "extra",
            {"people": [{"name": "Budi", "uri": "urn:orang:1"}]},
        ),
    ],
)
def test_members_of_every_version_become_fields(
    tmp_path: Path, members: dict[str, JSON], field: str, value: object
) -> None:
    assert getattr(article_of(tmp_path, **members), field) == value


def test_items_of_real_agencies_are_read(data: Path) -> None:
    for path in sorted((data / "import" / "ninjs").glob("*.json")):
        (article,) = read_ninjs(SourceFile(path, path, WIB))
        assert isinstance(article, Article), article
        assert article.title
        assert article.body
        assert article.date
