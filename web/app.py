"""The front end as a Flask application of its own, or as part of another: what all pages share, errors put into words."""

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from flask import Blueprint, Flask, Response, request
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException, InternalServerError, default_exceptions
from werkzeug.middleware.proxy_fix import ProxyFix

from index.errors import ArchiveError
from index.messages import DEFAULT_LANGUAGE
from index.messages import gettext as _
from index.store import StoreFault
from search.archive import Archive
from search.query import FilterField, Query, QueryError
from web import wording
from web.accounts import own_sessions, set_up_accounts
from web.advanced import advanced
from web.api import api, is_machine_address, json_response
from web.archivist import set_up_desk
from web.arguments import TEXT
from web.articles import articles
from web.batch import batch
from web.caching import set_up_caching
from web.citing import citing
from web.colours import colours_css, colours_response, digest
from web.compare import compare
from web.coverage import coverage
from web.directories import directories
from web.discovery import discovery
from web.entries import entries
from web.feeds import feeds
from web.lists import keep_search_link, lists
from web.misses import misses_pages
from web.openapi import openapi
from web.pages import SearchForm, pages
from web.site import SITE, remember_language, render, set_up_language, set_up_templates, speak, templates_of
from web.trends import trends
from web.urls import (
    ArticleIdConverter,
    EntryFieldConverter,
    article_link,
    entries_link,
    entry_link,
    mended_query,
    permalink,
    search_link,
    versions_link,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger("telisik.web")

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
RETRY_AFTER = "30"  # seconds until a program asks again whether the archive has come back
MOST_SENT = 4 * 1024 * 1024  # bytes of a request's body
HEALTH = "/healthz"
ENVIRONMENT = "TELISIK"  # what begins the names of environment variables with settings of Flask: TELISIK_TRUSTED_HOSTS

Governed: TypeAlias = Flask | Blueprint


def create_app(archive_folder: Path | str, *, language: str = DEFAULT_LANGUAGE) -> Flask:
    """Return the application that serves the archive in a folder; raise ArchiveMissing where there is none.

    Flask's settings are read from the environment: TELISIK_TRUSTED_HOSTS='["arsip.example"]'. TELISIK_PROXIES is how many proxies
    stand in front whose X-Forwarded headers are to be believed. Whatever the hosts are, /healthz is answered at any: a load
    balancer asks by number.
    """
    app = Flask(__name__, static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_SENT
    app.config.from_prefixed_env(ENVIRONMENT)
    if trusted := app.config["TRUSTED_HOSTS"]:
        app.wsgi_app = _health_at_any_host(app.wsgi_app, trusted)  # type: ignore[method-assign, assignment]
    proxies = app.config.get("PROXIES")
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies, x_prefix=proxies)  # type: ignore[method-assign]
    _govern(app)
    archive = Archive(Path(archive_folder))
    site = _site(app, archive, language)
    set_up_caching(app, site, archive)
    own_sessions(app)
    app.register_blueprint(site)
    return app


def _health_at_any_host(application: "WSGIApplication", trusted: str | Sequence[str]) -> "WSGIApplication":
    """Return an application that takes questions about its health for ones to a host that is trusted."""
    host = (trusted if isinstance(trusted, str) else trusted[0]).removeprefix(".")

    def answered(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ.get("PATH_INFO") == HEALTH:
            environ["HTTP_HOST"] = host
        return application(environ, start_response)

    return answered


def mount(
    app: Flask, archive_folder: Path | str, *, url_prefix: str | None = None, language: str = DEFAULT_LANGUAGE
) -> None:
    """Make the archive in a folder a part of another application, below `url_prefix`; raise ArchiveMissing where there is none.

    One archive an application. Its templates in "telisik/" stand before ours; its Flask-Babel, if it has one, chooses the language.
    The archivist's desk uses its sessions and needs its SECRET_KEY.
    """
    archive = Archive(Path(archive_folder))
    site = _site(app, archive, language)
    _govern(site)
    set_up_caching(app, site, archive)
    app.register_blueprint(site, url_prefix=url_prefix)


def _site(app: Flask, archive: Archive, language: str) -> Blueprint:
    """Return the blueprint of an archive, and give an application what it needs."""
    site = Blueprint(SITE, __name__, static_folder="static")
    app.extensions[SITE] = archive
    app.url_map.converters["article_id"] = ArticleIdConverter
    app.url_map.converters["entry_field"] = EntryFieldConverter
    set_up_language(app, language)
    set_up_templates(app, archive)
    templates_of(app).globals.update(
        search_link=search_link,
        article_link=article_link,
        versions_link=versions_link,
        entry_link=entry_link,
        entries_link=entries_link,
        keep_search_link=keep_search_link,
        permalink=permalink,
        PERSON=FilterField.PERSON,
        TOPIC=FilterField.TOPIC,
        wording=wording,
    )
    colours = colours_css(archive.settings, archive.folder)
    site.add_url_rule("/colours.css", "colours", lambda: colours_response(colours))
    templates_of(app).globals["colours"] = digest(colours) if colours else None
    for part in (
        pages,
        advanced,
        articles,
        api,
        compare,
        batch,
        coverage,
        directories,
        entries,
        feeds,
        lists,
        misses_pages,
        trends,
        citing,
        discovery,
        openapi,
    ):
        site.register_blueprint(part)
    set_up_accounts(app, site, archive)
    set_up_desk(app, site)
    return site


def _govern(governed: Governed) -> None:
    """Let all answers of an application, or of a part of it, have the language, the headers and the words for errors."""
    governed.before_request(speak)
    governed.after_request(remember_language)
    governed.after_request(_with_security_headers)
    governed.register_error_handler(QueryError, _wrong_query)
    governed.register_error_handler(ArchiveError, _archive_unusable)
    governed.register_error_handler(StoreFault, _archive_unusable)
    for code in default_exceptions:  # each by itself, or the handlers of an application that holds the site come first
        governed.register_error_handler(code, _http_error)
    governed.register_error_handler(HTTPException, _http_error)


def _with_security_headers(response: Response) -> Response:
    response.headers.update(SECURITY_HEADERS)
    return response


def _wrong_query(error: QueryError) -> Response:
    if is_machine_address(request.path):
        return _error_record(400, error.code, error.message, error.parameter)
    kept = mended_query(request.args)
    form = SearchForm.of(kept, text=request.args.get(TEXT, ""))
    link = search_link(kept) if kept != Query() else None
    return _error_page(400, _("This search cannot be made"), error.message, form, link)


def _archive_unusable(error: ArchiveError | StoreFault) -> Response:
    """Answer that the archive is out of order; what is wrong is for its keeper, in the log, not for readers."""
    log.error("%s: %s", request.path, error)
    message = _("The archive cannot be searched at the moment. Please try again in a few minutes.")
    if is_machine_address(request.path):
        response = _error_record(503, "unavailable", message, None)
    else:
        response = _error_page(503, _("The archive is out of order"), message, SearchForm.of(Query()))
    response.headers["Retry-After"] = RETRY_AFTER
    return response


def _http_error(error: HTTPException) -> Response:
    if request_ctx.url_adapter is None:  # a host that is not trusted: there are no addresses to link to
        return Response(error.description, error.code)
    code = error.code or InternalServerError.code
    title, message = _http_words(code)
    if is_machine_address(request.path):
        response = _error_record(code, (error.name or "error").casefold().replace(" ", "_"), message, None)
    else:
        response = _error_page(code, title, message, SearchForm.of(Query()))
    response.headers.extend((name, value) for name, value in error.get_headers() if name != "Content-Type")
    return response


def _http_words(code: int) -> tuple[str, str]:
    known = {
        404: (_("Not found"), _("There is no page and no article at this address.")),
        405: (_("Not possible"), _("This address can only be read.")),
        500: (_("Something went wrong"), _("The fault is ours and has been noted. Please try again.")),
    }
    return known.get(code, (_("This did not work"), _("The request could not be answered.")))


def _error_record(status: int, code: str, message: str, parameter: str | None) -> Response:
    health = {"status": "error"} if request.path.endswith(HEALTH) else {}
    return json_response({**health, "error": {"code": code, "message": message, "parameter": parameter}}, status)


def _error_page(status: int, title: str, message: str, form: SearchForm, link: str | None = None) -> Response:
    return Response(render("error.html", title=title, message=message, form=form, link=link), status)
