"""From a record's own names and values to an `Article`: names in Indonesian or English, values as newsrooms write them."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo

from index.article import FIELD_NAMES, JSON, Article, Correction, CorrectionKind, Status, article_from_fields
from index.dates import parse_published
from index.importers.html import html_or_text
from index.messages import gettext as _

_ALIASES = {
    "id": "kode guid uuid articleid idartikel idberita newsid _id",
    "title": "judul headline head judulberita heading titel",
    "body": "isi content konten teks text isiberita artikel naskah body articlebody fulltext paragraf paragraphs",
    "date": "tanggal published publishedat publishdate publisheddate datepublished pubdate tanggalterbit tgl tglterbit waktu "
    "waktuterbit time datetime timestamp created createdat postdate",
    "section": "rubrik kategori kanal category desk seksi channel",
    "source": "sumber media koran suratkabar publisher publikasi newspaper penerbit",
    "authors": "penulis author byline wartawan reporter jurnalis creator writer",
    "url": "tautan link alamat permalink canonical canonicalurl",
    "tags": "tag label katakunci keywords keyword",
    "language": "bahasa lang",
    "summary": "ringkasan excerpt abstrak abstract deskripsi description lead",
    "people": "tokoh person persons orang",
    "topics": "topik topic tema",
    "status": "keadaan",
    "corrections": "koreksi ralat hakjawab correction",
}
_NAME_TO_FIELD = {alias: field for field, aliases in _ALIASES.items() for alias in aliases.split()}
_NAME_TO_FIELD.update((name, name) for name in FIELD_NAMES)
_EMBARGO_NAMES = frozenset({"embargo", "embargountil", "embargoeduntil", "embargosampai", "embargohingga", "diembargo"})
_YES, _NO = (True, "ya", "yes", "true", "1"), (None, False, "tidak", "no", "false", "0")
_PUNCTUATION = re.compile(r"[\s_\-.]+")

_STATUSES = {
    **{status.value: status for status in Status},
    "terbit": Status.PUBLISHED, "tayang": Status.PUBLISHED, "publish": Status.PUBLISHED, "usable": Status.PUBLISHED,
    "dikoreksi": Status.CORRECTED, "diralat": Status.CORRECTED, "ralat": Status.CORRECTED, "koreksi": Status.CORRECTED,
    "dicabut": Status.WITHDRAWN, "cabut": Status.WITHDRAWN, "ditarik": Status.WITHDRAWN, "canceled": Status.WITHDRAWN,
    "embargo": Status.EMBARGOED, "diembargo": Status.EMBARGOED, "withheld": Status.EMBARGOED, "future": Status.EMBARGOED,
}  # fmt: skip
_KINDS = {
    **{kind.value: kind for kind in CorrectionKind},
    "ralat": CorrectionKind.ERRATUM,
    "koreksi": CorrectionKind.CORRECTION,
    "hak jawab": CorrectionKind.REPLY,
    "right of reply": CorrectionKind.REPLY,
    "pencabutan": CorrectionKind.WITHDRAWAL,
    "dicabut": CorrectionKind.WITHDRAWAL,
}
_LIST_FIELDS = frozenset({"authors", "tags", "people", "topics"})
_DEGREE = r"(?:[A-Z][a-z]{0,3}\.\s?)+[A-Z]?|(?:M|S|Ph|Sp)\.?[A-Z][A-Za-z]{0,3}\.?|MBA|SH|MH|SE|MM|MSi|Jr\.?|Sr\.?"
_NO_DEGREE_AHEAD = rf"(?!\s*(?:{_DEGREE})\s*(?:[,;|/]|$))"
_AUTHOR_SEPARATOR = re.compile(rf"\s*[;|/]\s*|\s+(?:dan|and|&)\s+|\s*,\s+(?:dan|and)\s+|\s*,{_NO_DEGREE_AHEAD}\s*")
_LIST_SEPARATOR = re.compile(r"\s*[;|]\s*")
_COMMA_SEPARATOR = re.compile(r"\s*,\s*")


def field_named(name: str) -> str | None:
    """Return the field of `Article` that a record's name means, None for a name that means none.

    >>> field_named("Tanggal Terbit"), field_named("halaman")
    ('date', None)
    """
    return _NAME_TO_FIELD.get(_PUNCTUATION.sub("", name.strip().casefold()))


def is_field_name(name: str) -> bool:
    """Say whether a record's name would be read as a field, or as the holder of what has no field."""
    return name == "extra" or field_named(name) is not None


def known_names() -> list[str]:
    """Return the names that title and body go by, for a message to somebody whose table has neither."""
    return ["title", "judul", "body", "isi", "content"]


def article_from_record(record: Mapping[str, JSON], zone: tzinfo) -> Article:
    """Return the article that a record makes; times without a zone are of `zone`. Raises ValueError with the reason.

    Names are matched case and punctuation aside; a field's own English name comes before its other names. What has no
    field, or comes second for one, is kept in `extra`.
    """
    values, extra = _sorted_out(record)
    embargo = _take_embargo(extra)
    if embargo is not None:
        values = {
            **values,
            "status": Status.EMBARGOED.value,
            "date": embargo if embargo is not True else values.get("date"),
        }
    return article_from_fields(
        id=_text_of("id", values),
        title=_title_of(values),
        body=_body_of(values),
        date=_date_of(values.get("date"), zone),
        section=_text_of("section", values),
        source=_text_of("source", values),
        authors=_names_of("authors", values),
        url=_text_of("url", values),
        tags=_names_of("tags", values),
        language=_text_of("language", values),
        summary=_html_of("summary", values),
        people=_names_of("people", values),
        topics=_names_of("topics", values),
        status=_status_of(values),
        corrections=_corrections_of(values, zone),
        extra=extra,
    )


def _sorted_out(record: Mapping[str, JSON]) -> tuple[dict[str, JSON], dict[str, JSON]]:
    """Return the record's values by field, and what is left over by its own name; empty values are dropped."""
    values: dict[str, JSON] = {name: record[name] for name in FIELD_NAMES if not is_empty(record.get(name))}
    extra: dict[str, JSON] = {}
    for name, value in record.items():
        field = field_named(name)
        if is_empty(value) or name in values:
            continue
        if name == "extra" and isinstance(value, Mapping):
            extra.update(value)
        elif field is None or field in values:
            extra[name] = value
        else:
            values[field] = value
    return values, extra


def _take_embargo(extra: dict[str, JSON]) -> JSON:
    """Take an embargo out of what has no field of its own: return the time that it ends, True for one without, else None."""
    name = next((name for name in extra if _PUNCTUATION.sub("", name.strip().casefold()) in _EMBARGO_NAMES), None)
    value = None if name is None else extra.pop(name)
    answer = value.strip().casefold() if isinstance(value, str) else value
    if answer in _YES:
        return True
    return None if answer in _NO else value


def is_empty(value: JSON) -> bool:
    """Say whether a record's value says nothing, so that its name is as good as absent."""
    return value is None or value in ("", [], {}) or (isinstance(value, str) and not value.strip())


def _wrong(name: str, value: JSON, wanted: str) -> ValueError:
    return ValueError(_("field '%(name)s' holds %(found)r, %(wanted)s", name=name, found=_short(value), wanted=wanted))


def _short(value: JSON) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _text_of(name: str, values: Mapping[str, JSON]) -> str | None:
    value = values.get(name)
    if value is None or isinstance(value, str):
        return _well_formed(name, value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, Sequence) and len(value) == 1 and isinstance(value[0], str):
        return _well_formed(name, value[0])
    raise _wrong(name, value, _("not a text"))


def _well_formed(name: str, text: str | None) -> str | None:
    """Return the text; raise ValueError for half a surrogate pair, which no file could hold."""
    try:
        if text is not None:
            text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(_("field '%(name)s' holds half a character (a lone surrogate)", name=name)) from error
    return text


def _html_of(name: str, values: Mapping[str, JSON]) -> str | None:
    text = _text_of(name, values)
    return None if text is None else html_or_text(text)


def _title_of(values: Mapping[str, JSON]) -> str | None:
    text = _html_of("title", values)
    return None if text is None else " ".join(text.split())


def _body_of(values: Mapping[str, JSON]) -> str | None:
    """Return the body's text; a list of texts is its paragraphs."""
    value = values.get("body")
    if isinstance(value, Sequence) and not isinstance(value, str):
        if not all(isinstance(paragraph, str) for paragraph in value):
            raise _wrong("body", value, _("not a list of paragraphs"))
        return "\n".join(html_or_text(_well_formed("body", str(paragraph)) or "") for paragraph in value)
    return _html_of("body", values)


def _date_of(value: JSON, zone: tzinfo) -> date | datetime | None:
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(int(value))
    if not isinstance(value, str):
        raise _wrong("date", value, _("not a date"))
    try:
        return parse_published(value, zone)
    except ValueError as error:
        raise ValueError(_("field '%(name)s': %(reason)s", name="date", reason=error)) from error


def _names_of(name: str, values: Mapping[str, JSON]) -> list[str]:
    """Return the names in a list, or in a text that joins them; an object is known by its name."""
    value = values.get(name)
    if value is None:
        return []
    if isinstance(value, str):
        _well_formed(name, value)
        return split_names(value, authors=name == "authors")
    if isinstance(value, Mapping):
        value = [value]
    if not isinstance(value, Sequence):
        raise _wrong(name, value, _("not a list of names"))
    names = [item.get("name") if isinstance(item, Mapping) else item for item in value]
    for item in names:
        if not isinstance(item, str):
            raise _wrong(name, item, _("not a name"))
        _well_formed(name, item)
    return [str(item) for item in names]


def split_names(text: str, *, authors: bool) -> list[str]:
    """Return the names that a text joins.

    >>> split_names("Ir. Budi, M.Si., dan Siti Aminah, S.H.", authors=True)
    ['Ir. Budi, M.Si.', 'Siti Aminah, S.H.']
    """
    if authors:
        parts = _AUTHOR_SEPARATOR.split(text)
    else:
        parts = _LIST_SEPARATOR.split(text)
        if len(parts) == 1:
            parts = _COMMA_SEPARATOR.split(text)
    return [part.strip(" ,") for part in parts if part.strip(" ,")]


def _status_of(values: Mapping[str, JSON]) -> Status:
    value = values.get("status")
    if value is None:
        return Status.PUBLISHED
    status = _STATUSES.get(value.strip().casefold()) if isinstance(value, str) else None
    if status is None:
        raise _wrong("status", value, _("not one of: %(known)s", known=", ".join(Status)))
    return status


def _corrections_of(values: Mapping[str, JSON], zone: tzinfo) -> list[Correction]:
    value = values.get("corrections")
    if value is None:
        return []
    if isinstance(value, str):
        return [Correction(CorrectionKind.CORRECTION, value)]
    if isinstance(value, Mapping):
        value = [value]
    if not isinstance(value, Sequence):
        raise _wrong("corrections", value, _("not a list of corrections"))
    return [_correction_from(item, zone) for item in value]


def _correction_from(item: JSON, zone: tzinfo) -> Correction:
    if isinstance(item, str):
        return Correction(CorrectionKind.CORRECTION, item)
    if not isinstance(item, Mapping):
        raise _wrong("corrections", item, _("not a correction"))
    known: dict[str, JSON] = {str(name).casefold(): part for name, part in item.items()}
    kind_text = _text_of("kind", {"kind": known.get("kind", known.get("jenis"))}) or CorrectionKind.CORRECTION.value
    kind = _KINDS.get(kind_text.strip().casefold().replace("_", " "))
    if kind is None:
        raise _wrong("corrections", kind_text, _("not one of: %(known)s", known=", ".join(CorrectionKind)))
    return Correction(
        kind,
        _text_of("text", {"text": known.get("text", known.get("isi", ""))}) or "",
        _date_of(known.get("date", known.get("tanggal")), zone),
        _text_of("link", {"link": known.get("link", known.get("tautan"))}),
    )
