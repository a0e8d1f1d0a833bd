"""What users read, in Indonesian first and in English second.

Messages stand in the code in English; `locale/id.po` holds the Indonesian. The catalogue is read when the
first message is needed, so a changed translation needs no compile step and no generated file.
"""

from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

LANGUAGES = ("id", "en")
DEFAULT_LANGUAGE = "id"
LOCALE_FOLDER = Path(__file__).parent / "locale"

_language: ContextVar[str] = ContextVar("telisik_language", default=DEFAULT_LANGUAGE)


def use_language(language: str) -> None:
    """Give messages of this context in `language`; one that is not in `LANGUAGES` means the default."""
    _language.set(language if language in LANGUAGES else DEFAULT_LANGUAGE)


def language() -> str:
    """Return the code of the language in which messages are given, "id" or "en"."""
    return _language.get()


@cache
def _translations(language: str) -> NullTranslations:
    path = LOCALE_FOLDER / f"{language}.po"
    if not path.exists():  # English is what stands in the code
        return NullTranslations()
    with path.open("rb") as lines:
        catalogue = read_po(lines, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def gettext(message: str, **values: object) -> str:
    """Return `message` in the language in use, `%(name)s` filled from `values`."""
    text = str(_translations(_language.get()).gettext(message))
    return text % values if values else text


def ngettext(one: str, many: str, number: int, **values: object) -> str:
    """Return the form of a message that fits `number`, which is also the value of `%(number)d`."""
    text = str(_translations(_language.get()).ngettext(one, many, number))
    return text % {"number": number, **values}
