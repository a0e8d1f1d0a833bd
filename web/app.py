"""The front end as a Flask application: what all pages share, and errors put into words."""

import logging
from functools import partial
from pathlib import Path

from flask import Flask, Response, render_template, request
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException, InternalServerError

from index.dates import iso
from index.errors import ArchiveError
from index.messages import DEFAULT_LANGUAGE, gettext, ngettext, use_language
from index.messages import gettext as _
from index.messages import language as language_in_use
from index.store import StoreFault
from search.archive import Archive
from search.query import FilterField, Query, QueryError
from web import formatting, wording
from web.accounts import set_up_accounts
from web.api import api, is_machine_address, json_response
from web.archivist import set_up_desk
from web.arguments import TEXT
from web.batch import batch
from web.compare import compare
from web.entries import entries
from web.feeds import feeds
from web.pages import SearchForm, pages
from web.urls import (
    ArticleIdConverter,
    EntryFieldConverter,
    article_link,
    entries_link,
    entry_link,
    mended_query,
    search_link,
    versions_link,
)

log = logging.getLogger("telisik.web")

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
RETRY_AFTER = "30"  # seconds until a program asks again whether the archive has come back


def create_app(archive_folder: Path | str, *, language: str = DEFAULT_LANGUAGE) -> Flask:
    """Return the application that serves the archive in a folder; raise ArchiveMissing where there is none."""
    app = Flask(__name__)
    archive = Archive(Path(archive_folder))
    app.extensions["telisik"] = archive
    app.url_map.converters["article_id"] = ArticleIdConverter
    app.url_map.converters["entry_field"] = EntryFieldConverter
    _set_up_templates(app, archive)
    app.register_blueprint(pages)
    app.register_blueprint(api)
    app.register_blueprint(compare)
    app.register_blueprint(batch)
    app.register_blueprint(entries)
    app.register_blueprint(feeds)
    set_up_accounts(app, archive)
    set_up_desk(app)
    app.before_request(partial(use_language, language))
    app.after_request(_with_security_headers)
    app.register_error_handler(QueryError, _wrong_query)
    app.register_error_handler(ArchiveError, _archive_unusable)
    app.register_error_handler(StoreFault, _archive_unusable)
    app.register_error_handler(HTTPException, _http_error)
    return app


def _set_up_templates(app: Flask, archive: Archive) -> None:
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # the extension's own
    env.filters.update(
        date=partial(formatting.date_text, zone=archive.settings.zone),
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
        language=language_in_use,
        search_link=search_link,
        article_link=article_link,
        versions_link=versions_link,
        entry_link=entry_link,
        entries_link=entries_link,
        PERSON=FilterField.PERSON,
        TOPIC=FilterField.TOPIC,
        wording=wording,
    )


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
    health = {"status": "error"} if request.path == "/healthz" else {}
    return json_response({**health, "error": {"code": code, "message": message, "parameter": parameter}}, status)


def _error_page(status: int, title: str, message: str, form: SearchForm, link: str | None = None) -> Response:
    return Response(render_template("error.html", title=title, message=message, form=form, link=link), status)
