"""What all pages of the site share, wherever a Flask application holds it: addresses, language, templates, static files."""

import hashlib
from collections.abc import Callable
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import TypeAlias, cast
from urllib.parse import urlencode

import flask
import jinja2
from flask import Flask, Response, current_app, request
from flask.templating import Environment
from flask_babel import Babel, get_locale
from flask_wtf.csrf import generate_csrf
from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateNotFound,
)
from markdown_it import MarkdownIt
from markupsafe import Markup

from index.dates import day_of, iso
from index.messages import LANGUAGES, gettext, language, ngettext, use_language
from search.archive import Archive
from web import formatting

SITE = "telisik"  # the blueprint that holds all others
LANGUAGE = "lang"  # the argument of an address, and the cookie, that chooses a language
Source: TypeAlias = tuple[str, str | None, Callable[[], bool] | None]

YEAR_SECONDS = 365 * 24 * 60 * 60


def url_for(endpoint: str, **values: object) -> str:
    """Return the address of one of the site's endpoints, as Flask's own `url_for` does."""
    return flask.url_for(f"{SITE}.{endpoint}", **values)  # type: ignore[arg-type]  # Flask's keywords and a rule's


def own_endpoint() -> str | None:
    """Return which of the site's endpoints answers this request, None where none does."""
    name = request.endpoint or ""
    return name.removeprefix(f"{SITE}.") if name.startswith(f"{SITE}.") else None


def asset(name: str) -> str:
    """Return the address of a static file; it changes with the file, so that browsers may keep what they have."""
    return url_for("static", filename=name, v=_digest(name))


@cache
def _digest(name: str) -> str:
    return hashlib.sha256(files("web").joinpath("static", name).read_bytes()).hexdigest()[:10]


def set_up_language(app: Flask, default: str) -> None:
    """Let readers choose the language of pages; where the application has a Flask-Babel of its own, that one decides."""
    app.extensions[f"{SITE}.language"] = default
    if "babel" not in app.extensions:
        Babel(app, default_locale=default, locale_selector=_chosen_language, configure_jinja=False)


def _chosen_language() -> str:
    """Return the language that the address asks for, else the one chosen before, else that of the site."""
    for wanted in (request.args.get(LANGUAGE), request.cookies.get(LANGUAGE)):
        if wanted in LANGUAGES:
            return wanted
    return cast("str", current_app.extensions[f"{SITE}.language"])


def speak() -> None:
    """Give messages of this request in its language."""
    locale = get_locale()
    use_language(locale.language if locale else current_app.extensions[f"{SITE}.language"])


def remember_language(response: Response) -> Response:
    """Keep in a cookie the language that the address of this request chose."""
    if own_endpoint() in (None, "static"):
        return response
    response.vary.add("Cookie")
    wanted = request.args.get(LANGUAGE)
    if wanted in LANGUAGES and wanted != request.cookies.get(LANGUAGE):
        path = url_for("pages.home")
        response.set_cookie(
            LANGUAGE, wanted, max_age=YEAR_SECONDS, path=path, secure=request.is_secure, httponly=True, samesite="Lax"
        )
    return response


def language_links() -> list[tuple[str, str, bool]]:
    """Return each language: its code, the address of this page in it, relative to its own, and whether it is in use."""
    arguments = request.args.to_dict(flat=False) if request.method == "GET" else {}
    return [(code, f"?{urlencode(arguments | {LANGUAGE: code}, doseq=True)}", code == language()) for code in LANGUAGES]


class _OfHost(BaseLoader):
    """The templates that the application which holds the site has for it, in "telisik/" of its own templates."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def get_source(self, environment: jinja2.Environment, template: str) -> Source:
        loader = self._app.jinja_loader
        if loader is None:
            raise TemplateNotFound(template)
        return loader.get_source(environment, f"{SITE}/{template}")


def set_up_templates(app: Flask, archive: Archive) -> None:
    """Give an application the templates of the site, apart from its own.

    A template in the archive's folder "templates", or in "telisik/" of the application's own, stands before ours of that name,
    which it can extend as "telisik/base.html".
    """
    ours = PackageLoader("web")
    over = [FileSystemLoader(archive.folder.templates), _OfHost(app)]
    env = Environment(
        app,
        loader=ChoiceLoader([*over, ours, PrefixLoader({SITE: ours})]),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # the extension's own
    env.filters.update(
        date=partial(formatting.date_text, zone=archive.settings.zone),
        day=partial(day_of, zone=archive.settings.zone),
        iso=iso,
        number=formatting.number_text,
        articles=formatting.articles_text,
        versions=formatting.versions_text,
        story_versions=formatting.story_versions_text,
        marked=formatting.marked_html,
        web_address=formatting.web_address,
        language_tag=formatting.language_tag,
    )
    env.globals.update(
        site=archive.settings.title,
        footer=Markup(MarkdownIt("commonmark", {"html": False}).render(archive.settings.footer or "")),  # noqa: S704 # no HTML
        language=language,
        language_links=language_links,
        url_for=url_for,
        own_endpoint=own_endpoint,
        asset=asset,
        csrf_token=generate_csrf,
    )
    app.extensions[f"{SITE}.templates"] = env


def template_folders(app: Flask, archive: Archive) -> list[Path]:
    """Return the folders of templates that stand before ours: the archive's, and "telisik/" in those of the application."""
    own = app.jinja_loader
    return [
        archive.folder.templates,
        *(Path(path) / SITE for path in (own.searchpath if isinstance(own, FileSystemLoader) else ())),
    ]


def templates_of(app: Flask) -> Environment:
    """Return the environment of the site's templates."""
    return cast("Environment", app.extensions[f"{SITE}.templates"])


def render(template: str, **values: object) -> str:
    """Return a page of the site; what the application gives all templates is there, too."""
    current_app.update_template_context(values)
    return templates_of(current_app).get_template(template).render(values)
