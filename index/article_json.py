"""Articles as JSON records: as programs read them, and as an archive is exported and imported again without loss."""

from index.article import FIELD_NAMES, JSON, Article, Status
from index.dates import iso
from index.importers.fields import is_empty, is_field_name
from index.importers.html import html_from_text

_MAY_BE_HTML = ("title", "body", "summary")  # importers read these as HTML where they look like it


def record_from(article: Article) -> dict[str, JSON]:
    """Return the record of an article, its texts plain.

    Absent fields are left out. What the source had besides Telisik's fields stands beside them again, in `extra` where its name
    would be taken for a field or its value for none.
    """
    record: dict[str, JSON] = {}
    for name in FIELD_NAMES:
        value = getattr(article, name)
        if name == "date":
            value = None if article.date is None else iso(article.date)
        elif name == "corrections":
            value = corrections_record(article)
        elif name == "status":
            value = None if article.status is Status.PUBLISHED else article.status.value
        elif isinstance(value, tuple):
            value = list(value)
        if value:
            record[name] = value
    besides = {name: value for name, value in article.extra.items() if is_field_name(name) or is_empty(value)}
    record.update((name, value) for name, value in article.extra.items() if name not in besides)
    if besides:
        record["extra"] = besides
    return record


def importable_record(article: Article) -> dict[str, JSON]:
    """Return the record of which `article_from_record` makes the same article: a text that would be read as HTML is HTML."""
    record = record_from(article)
    record.update((name, html_from_text(text)) for name in _MAY_BE_HTML if isinstance(text := record.get(name), str))
    return record


def corrections_record(article: Article) -> list[dict[str, JSON]]:
    """Return an article's corrections as JSON, absent parts left out."""
    records: list[dict[str, JSON]] = []
    for correction in article.corrections:
        day = None if correction.date is None else iso(correction.date)
        parts = {"date": day, "kind": correction.kind.value, "text": correction.text, "link": correction.link}
        records.append({name: value for name, value in parts.items() if value is not None})
    return records
