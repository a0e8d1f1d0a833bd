"""Which importer reads a file: the table of formats, how one is told from another, and which files a folder holds."""

import os
import re
from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path

from index.article import LeftOut
from index.errors import FileRefused, system_reason
from index.importers import Importer, Record, SourceFile
from index.importers.documents import read_html_page, read_markdown, read_text
from index.importers.feeds import read_feed
from index.importers.json_lines import loads, read_json, read_jsonl
from index.importers.ninjs import holds_lines, looks_like_ninjs, ninjs_items, read_ninjs
from index.importers.tables import read_table
from index.importers.wxr import read_wxr
from index.messages import gettext as _

IMPORTERS: dict[str, Importer] = {
    "json": read_json,
    "jsonl": read_jsonl,
    "csv": read_table,
    "wxr": read_wxr,
    "rss": read_feed,
    "ninjs": read_ninjs,
    "text": read_text,
    "html": read_html_page,
    "markdown": read_markdown,
}
_BY_SUFFIX = {
    ".csv": "csv", ".tsv": "csv", ".tab": "csv",
    ".rss": "rss", ".atom": "rss", ".wxr": "wxr",
    ".txt": "text", ".text": "text",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".md": "markdown", ".markdown": "markdown",
}  # fmt: skip
_LOOKED_AT = 1 << 16  # bytes at the beginning of a file that tell its format
_WXR = re.compile(rb"""xmlns:\w+\s*=\s*["']https?://wordpress\.org/export/|<\w+:wxr_version""")
_NINJS = re.compile(
    rb'"(?:bodies|headlines|body_?text|body_?x?html|version_?created|pub_?status|profile)"\s*:', re.IGNORECASE
)


def format_of(path: Path) -> str | None:
    """Return the name of a file's format, from its suffix and its first bytes; None for a kind that is not read."""
    suffix = path.suffix.casefold()
    if suffix == ".xml":
        letters = _beginning(path).replace(b"\x00", b"")  # of UTF-16 too
        return "wxr" if _WXR.search(letters) else "rss"
    if suffix in (".json", ".jsonl", ".ndjson"):
        return _json_format(path)
    return _BY_SUFFIX.get(suffix)


def records_in(path: Path, zone: tzinfo, format: str | None = None, *, root: Path | None = None) -> Iterator[Record]:
    """Yield the records of one file, in the named format or the one it has; times without a zone are of `zone`.

    `root` is the file or folder that the user named. A file of an unknown kind is refused when it is named itself, left
    out when it only lies in a folder. Raises FileRefused too for what cannot be read, ValueError for a format that is
    none of `IMPORTERS`.
    """
    if format is not None and format not in IMPORTERS:
        raise ValueError(_("no format is called '%(name)s'; known are: %(known)s", name=format, known=_known_formats()))
    _beginning(path)  # refuses what is not there, or not readable, in the same way for all formats
    name = format or format_of(path)
    if name is not None:
        yield from IMPORTERS[name](SourceFile(path, root or path, zone))
    elif root is None or root == path:
        raise FileRefused(path, _("its format is not known; --format names one of: %(known)s", known=_known_formats()))
    else:
        yield LeftOut(path, "", _("a file of an unknown kind (%(suffix)s)", suffix=path.suffix or path.name))


def files_in(root: Path) -> Iterator[Path]:
    """Yield the file that `root` is, or the files of the folder that it is, in the order of their paths.

    Hidden files are passed over, and links that lead out of the folder. A folder that cannot be read is yielded itself,
    for `records_in` to refuse. Raises FileRefused for what is not there.
    """
    if root.is_dir():
        yield from sorted(_walked(root))
    elif root.exists():
        yield root
    else:
        raise FileRefused(root, _("there is no such file or folder"))


def _walked(root: Path) -> Iterator[Path]:
    within = root.resolve()
    unreadable: list[OSError] = []
    for folder, folders, names in os.walk(root, onerror=unreadable.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(folder, name) for name in names if not name.startswith(".")):
            if path.is_file() and path.resolve().is_relative_to(within):
                yield path
    yield from (Path(error.filename) for error in unreadable)


def _known_formats() -> str:
    return ", ".join(IMPORTERS)


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LOOKED_AT)
    except OSError as error:
        raise FileRefused(path, system_reason(error)) from error


def _json_format(path: Path) -> str:
    """Return the kind of JSON: ninjs or ours, a document or lines."""
    beginning = _beginning(path)
    if b'"uri"' in beginning and _NINJS.search(beginning) and _holds_ninjs(path, beginning):
        return "ninjs"
    if path.suffix.casefold() == ".json":
        return "jsonl" if holds_lines(path) else "json"
    return "json" if beginning.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[") else "jsonl"


def _holds_ninjs(path: Path, beginning: bytes) -> bool:
    """Say whether the first record is a ninjs item, where it can be read alone; else what was seen of it decides."""
    first = beginning.split(b"\n", 1)[0] if holds_lines(path) else beginning
    try:
        items = ninjs_items(loads(first))
    except ValueError:
        return True
    return bool(items) and looks_like_ninjs(items[0])
