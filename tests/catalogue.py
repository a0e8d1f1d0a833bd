"""The messages of code and templates beside the Indonesian catalogue; run as a program it brings the catalogue up to date.

New messages come in untranslated, those that are gone are dropped, translations stay as they are.
"""

from io import BytesIO
from pathlib import Path
from typing import TypeAlias

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from index.messages import LOCALE_FOLDER

ROOT = Path(__file__).parent.parent
PACKAGES = ("index", "search", "web")
METHODS = {".py": "python", ".html": "jinja2.ext:babel_extract"}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
INDONESIAN = LOCALE_FOLDER / "id.po"
WIDTH = 120

Message: TypeAlias = str | tuple[str, ...]  # a tuple has the forms for one and for many


def extracted_messages(root: Path = ROOT) -> dict[Message, list[str]]:
    """Return every message that stands in the code and the templates, with the files where it does."""
    found: dict[Message, list[str]] = {}
    for path in (path for package in PACKAGES for path in sorted((root / package).rglob("*"))):
        method = METHODS.get(path.suffix)
        for _line, message, _comments, _context in extract_from_file(method, path, KEYWORDS) if method else ():
            files = found.setdefault(message, [])
            files += [name for name in [path.relative_to(root).as_posix()] if name not in files]
    return found


def read_catalogue(text: bytes) -> Catalog:
    """Return the Indonesian catalogue that the text of a .po file holds."""
    return read_po(BytesIO(text), locale="id")


def updated(text: bytes, messages: dict[Message, list[str]]) -> bytes:
    """Return the text of the catalogue with exactly these messages, sorted, each with the files that it comes from."""
    template = Catalog(locale="id")
    for message, files in messages.items():
        template.add(message, locations=[(name, 0) for name in files])
    catalogue = read_catalogue(text)
    catalogue.update(template, no_fuzzy_matching=True)
    body = BytesIO()
    write_po(body, catalogue, WIDTH, omit_header=True, sort_output=True, ignore_obsolete=True, include_lineno=False)
    header = text.partition(b"\n\n")[0].rstrip()  # as it stands: Babel's own tells the time of every run
    return header + b"\n\n" + body.getvalue().strip() + b"\n"


def main() -> None:
    """Bring the file up to date and tell what is still to be translated."""
    text = updated(INDONESIAN.read_bytes(), extracted_messages())
    INDONESIAN.write_bytes(text)
    for message in read_catalogue(text):
        if message.id and not (all(message.string) if message.pluralizable else message.string):
            print("untranslated:", message.id)


if __name__ == "__main__":
    main()
