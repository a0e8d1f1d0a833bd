"""The archive's folder: where its parts lie, and the settings file that its newsroom may write."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import tzinfo
from difflib import get_close_matches
from pathlib import Path
from zoneinfo import ZoneInfo

from index.errors import GENERATIONS, ArchiveError
from index.messages import gettext as _

DEFAULT_TITLE = "Telisik"
DEFAULT_ZONE = "Asia/Jakarta"

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class SettingsWrong(ArchiveError):
    """The settings file says something that cannot be followed."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = path, reason


@dataclass(frozen=True, slots=True)
class Settings:
    """What a newsroom sets: the archive's title on its pages, the zone of its days and of times without one, whether newer
    articles rank a little higher, and whether searches without hits are noted; who publishes it, the foot of its pages in Markdown,
    and their colour of links and buttons on light and on dark paper, "#8a1c1f". None is what the package has."""

    title: str
    zone: tzinfo
    recency: bool = True
    misses: bool = True
    publisher: str | None = None
    footer: str | None = None
    accent: str | None = None
    accent_dark: str | None = None


# The names in the settings file.
SETTINGS = tuple("timezone" if field.name == "zone" else field.name for field in fields(Settings))


@dataclass(frozen=True, slots=True)
class ArchiveFolder:
    """The places in an archive's folder."""

    path: Path

    @property
    def store(self) -> Path:
        """The SQLite file with the articles."""
        return self.path / "articles.sqlite"

    @property
    def generations(self) -> Path:
        """The folder of the index, one folder a generation."""
        return self.path / GENERATIONS

    @property
    def lock(self) -> Path:
        """The file that the one writing process holds locked."""
        return self.path / "write.lock"

    @property
    def wordbook(self) -> Path:
        """The SQLite file with what was learned of words."""
        return self.path / "words.sqlite"

    @property
    def exceptions(self) -> Path:
        """The newsroom's own list of names and roots, a plain text file; it may be absent."""
        return self.path / "kata.txt"

    @property
    def people(self) -> Path:
        """The authority file of persons, a table that archivists edit; it may be absent."""
        return self.path / "tokoh.csv"

    @property
    def topics(self) -> Path:
        """The archive's own topics, a table that archivists edit; it may be absent."""
        return self.path / "topik.csv"

    @property
    def templates(self) -> Path:
        """The folder of page templates that stand before those of the package; it may be absent."""
        return self.path / "templates"

    @property
    def accounts(self) -> Path:
        """The SQLite file with the archivists' accounts; it is absent until the first is made."""
        return self.path / "accounts.sqlite"

    @property
    def settings_file(self) -> Path:
        """The settings, in TOML; it may be absent."""
        return self.path / "telisik.toml"

    def read_settings(self) -> Settings:
        """Return the settings, defaults where the file or a value is absent; raise SettingsWrong for a value that is none."""
        values = self._values()
        title = self._text(values, "title") or DEFAULT_TITLE
        name = values.get("timezone", DEFAULT_ZONE)
        try:
            zone = ZoneInfo(str(name))
        except (KeyError, ValueError, OSError, TypeError, AttributeError) as error:
            reason = _("timezone '%(name)s' is unknown; an example: Asia/Makassar", name=name)
            raise SettingsWrong(self.settings_file, reason) from error
        return Settings(
            title=title,
            zone=zone,
            recency=self._switch(values, "recency"),
            misses=self._switch(values, "misses"),
            publisher=self._text(values, "publisher"),
            footer=self._text(values, "footer"),
            accent=self._colour(values, "accent"),
            accent_dark=self._colour(values, "accent_dark"),
        )

    def settings_warnings(self) -> tuple[str, ...]:
        """Return what is said of each name in the settings file that is none, with the nearest one; raise SettingsWrong."""
        return tuple(self._unknown(name) for name in self._values() if name not in SETTINGS)

    def _unknown(self, name: str) -> str:
        near = ", ".join(get_close_matches(name, SETTINGS, n=1) or SETTINGS)
        return _(
            '%(path)s: there is no setting "%(name)s"; nearest: %(near)s', path=self.settings_file, name=name, near=near
        )

    def _values(self) -> dict[str, object]:
        try:
            return tomllib.loads(self.settings_file.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SettingsWrong(self.settings_file, _("it cannot be read: %(error)s", error=error)) from error

    def _switch(self, values: Mapping[str, object], name: str) -> bool:
        value = values.get(name, True)
        if not isinstance(value, bool):
            raise SettingsWrong(self.settings_file, _("%(name)s must be true or false", name=name))
        return value

    def _text(self, values: Mapping[str, object], name: str) -> str | None:
        text = values.get(name)
        if text is None:
            return None
        if not isinstance(text, str) or not text.strip():
            raise SettingsWrong(self.settings_file, _("%(name)s must be a text", name=name))
        return text.strip()

    def _colour(self, values: Mapping[str, object], name: str) -> str | None:
        colour = values.get(name)
        if colour is not None and not (isinstance(colour, str) and _COLOUR.fullmatch(colour)):
            raise SettingsWrong(self.settings_file, _('%(name)s must be a colour such as "#8a1c1f"', name=name))
        return colour
