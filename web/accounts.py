"""Who is logged in: the cookie of the session, login and logout, and the protection of every form that changes something.

Readers get no cookie. Flask signs the cookie with the key of the accounts' file, which may come to be while the server runs; the
session itself is a row in that file, so it ends for all workers at once.
"""

import logging
from datetime import timedelta
from http import HTTPStatus
from ipaddress import ip_address
from typing import cast
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Request, Response, current_app, g, redirect, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as AnyResponse

from index.accounts import LONGEST_NAME, LONGEST_PASSWORD, SESSION_SECONDS, Accounts, AccountsUnusable, LoginDelayed
from index.messages import gettext as _
from search.archive import Archive
from search.query import Query
from web.pages import SearchForm
from web.site import SITE, render, templates_of, url_for

log = logging.getLogger("telisik.web")

TOKEN = "telisik_token"  # noqa: S105  # the name under which the cookie holds the session's secret
NEXT = "next"
DESK = "/archivist"
LONGEST_ADDRESS = 64

accounts_pages = Blueprint("accounts", __name__, url_prefix=DESK)
csrf = CSRFProtect()


class ArchivistSessions(SecureCookieSessionInterface):
    """Flask's signed cookie, with the key of the accounts' file, and only sent back over https where it came over it."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return what the cookie holds; without reading any file for readers, who have none."""
        if self.get_cookie_name(app) not in request.cookies and not request.path.startswith(f"{DESK}/"):
            return self.session_class()
        try:
            app.secret_key = self._accounts.secret()
        except AccountsUnusable:  # the desk says so; for readers it is nothing
            return self.session_class()
        return super().open_session(app, request) or self.session_class()

    def get_cookie_secure(self, app: Flask) -> bool:
        """Say whether the browser must keep the cookie from unencrypted requests."""
        return request.is_secure


def set_up_accounts(app: Flask, site: Blueprint, archive: Archive) -> None:
    """Give the site in an application its login; `archivist()` in templates is the name of who is logged in, or None."""
    app.extensions["telisik.accounts"] = Accounts(archive.folder.accounts)
    if "csrf" not in app.extensions:  # another application may have its own
        app.config["WTF_CSRF_CHECK_DEFAULT"] = (
            False  # the pages of readers change nothing and have no session: see `protect`
        )
        csrf.init_app(app)
    templates_of(app).globals["archivist"] = archivist
    site.register_blueprint(accounts_pages)
    site.register_error_handler(CSRFError, _forged)
    site.register_error_handler(AccountsUnusable, _accounts_unusable)
    site.after_request(_never_stored)


def own_sessions(app: Flask) -> None:
    """Let the sessions of an application be those of archivists, with a cookie that readers do not get."""
    app.session_interface = ArchivistSessions(app.extensions["telisik.accounts"])
    app.config.update(
        SESSION_COOKIE_NAME="telisik_archivist",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(seconds=SESSION_SECONDS),
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
    )


def archivist() -> str | None:
    """Return the name of the archivist who sends this request; None for readers."""
    if "archivist" not in g:
        token = session.get(TOKEN) if session else None
        try:
            g.archivist = accounts_in_use().logged_in(token) if token else None
        except AccountsUnusable:  # nobody is logged in; the login says so
            g.archivist = None
    return cast("str | None", g.archivist)


def accounts_in_use() -> Accounts:
    """Return the accounts of the archive that this application serves."""
    accounts: Accounts = current_app.extensions["telisik.accounts"]
    return accounts


def login_needed() -> AnyResponse | None:
    """Send whoever is not logged in to the login, and back after it; a form that was sent is not sent again."""
    if archivist() is not None:
        return None
    wanted = f"{request.script_root}{request.full_path}".rstrip("?") if request.method == "GET" else ""
    return redirect(url_for("accounts.login", **({NEXT: wanted} if wanted else {"ended": 1})), HTTPStatus.SEE_OTHER)


def protect() -> AnyResponse | None:
    """Refuse a form that no page of ours has sent, with a CSRFError; without accounts there are no such pages."""
    if current_app.secret_key is None and request.method != "GET":
        return redirect(url_for("accounts.login"), HTTPStatus.SEE_OTHER)
    csrf.protect()
    return None


def address_here(wanted: str | None, otherwise: str) -> str:
    """Return the path and query of a page of this application that is `wanted`; `otherwise` where it is none of ours."""
    wanted = wanted or ""
    try:
        parts = urlsplit(wanted)
        own = wanted.startswith("/") and not wanted.startswith("//") and wanted.isprintable() and "\\" not in wanted
        if not own or parts.scheme or parts.netloc:
            return otherwise
        path = parts.path.removeprefix(request.script_root)
        current_app.url_map.bind("").match(path, method="GET")
    except (ValueError, NotFound, MethodNotAllowed, RequestRedirect):
        return otherwise
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


accounts_pages.before_request(protect)


@accounts_pages.get("/login")
def login() -> AnyResponse | str:
    """Show the login."""
    if archivist() is not None:
        return redirect(_home(), HTTPStatus.SEE_OTHER)
    return _login_page(ended=bool(request.args.get("ended")))


@accounts_pages.post("/login")
def log_in() -> AnyResponse | str:
    """Begin a session and go where the archivist wanted to; or say in words why not."""
    name = request.form.get("name", "")[:LONGEST_NAME]
    password = request.form.get("password", "")[: LONGEST_PASSWORD + 1]
    try:
        found = accounts_in_use().log_in(name, password, _client_address())
    except LoginDelayed as delayed:
        page = _login_page(name, str(delayed), status=HTTPStatus.TOO_MANY_REQUESTS)
        page.headers["Retry-After"] = str(int(delayed.seconds) + 1)
        return page
    if found is None:
        return _login_page(name, _("Name or password is wrong."), status=HTTPStatus.FORBIDDEN)
    session.clear()
    session[TOKEN] = found.token
    session.permanent = True
    return redirect(_home(), HTTPStatus.SEE_OTHER)


@accounts_pages.post("/logout")
def log_out() -> AnyResponse:
    """End the session."""
    if token := session.get(TOKEN):
        accounts_in_use().log_out(token)
    session.clear()
    return redirect(url_for("pages.home"), HTTPStatus.SEE_OTHER)


def _accounts_unusable(error: AccountsUnusable) -> Response:
    """Say that nobody can log in; the rest of the archive is not concerned."""
    log.error("%s: %s", request.path, error)
    message = _("Nobody can log in: the file of accounts cannot be read or written. The server's log says why.")
    return _page("archivist_message.html", HTTPStatus.SERVICE_UNAVAILABLE, title=_("Login"), message=message)


def _login_page(
    name: str = "", problem: str | None = None, *, ended: bool = False, status: HTTPStatus = HTTPStatus.OK
) -> Response:
    if not accounts_in_use().all():
        return _page("archivist_login.html", status, usable=False)
    wanted = address_here(request.values.get(NEXT), "")
    return _page("archivist_login.html", status, usable=True, name=name, problem=problem, ended=ended, wanted=wanted)


def _page(template: str, status: HTTPStatus, **values: object) -> Response:
    return Response(render(template, form=SearchForm.of(Query()), **values), status)


def _home() -> str:
    return address_here(request.values.get(NEXT), url_for("archivist.desk"))


def _client_address() -> str:
    """Return the address that a login came from: what a proxy on this machine says of it, as gunicorn trusts it, too."""
    peer = request.remote_addr or ""
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        behind_proxy = bool(forwarded) and ip_address(peer).is_loopback
    except ValueError:  # a socket file
        behind_proxy = bool(forwarded)
    return (forwarded if behind_proxy else peer)[:LONGEST_ADDRESS]


def _forged(error: CSRFError) -> Response:
    log.warning("%s: %s", request.path, error.description)
    message = _(
        "This form has expired, or no page of this archive has sent it; nothing was changed. "
        "Open the page again and send the form once more."
    )
    return _page("archivist_message.html", HTTPStatus.BAD_REQUEST, title=_("Not done"), message=message)


def _never_stored(response: Response) -> Response:
    """Keep what only archivists see out of every cache."""
    if {f"{SITE}.{accounts_pages.name}", f"{SITE}.archivist"} & set(request.blueprints) or g.get("archivist"):
        response.headers["Cache-Control"] = "no-store"
    return response
