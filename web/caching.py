"""What of an answer browsers and proxies may keep: its tag, which changes with anything it is made of, and how it is packed.

Every answer may be kept, and must be asked for again before it is shown: an article can be withdrawn at any time. A browser that
has the answer under its present tag is told so before anything is searched.
"""

import hashlib
import logging
import zlib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import cast

from flask import Blueprint, Flask, Response, g, request

from index.errors import ArchiveError
from index.messages import language
from index.store import StoreFault
from search.archive import Archive
from search.vocabulary import stamp_of
from web.site import YEAR_SECONDS, asset, own_endpoint, template_folders, templates_of

log = logging.getLogger("telisik.web")

PACKAGES = ("index", "search", "web")
LEAST_PACKED = 512  # bytes; less is one packet of the network, packed or not
LEVEL = 6  # of gzip: a page of results takes 1 ms, and 9 makes it no smaller
PACKED_TYPES = ("text/", "application/json", "application/xml", "application/javascript", "application/ld+json")
PACKED_SUFFIXES = ("+xml", "+json")
_GZIP_FRAME = 16 + zlib.MAX_WBITS
_ASKED_BY = ("Accept", "Cookie", "Host", "User-Agent")  # headers of a request that pages may differ by


def set_up_caching(app: Flask, site: Blueprint, archive: Archive) -> None:
    """Give the answers of the site their tags. The language of a request must be known before: it is set up first."""
    program = "".join(map(_package_digest, PACKAGES))
    folders = template_folders(app, archive)
    known = stamps_in(folders)

    def answer_unchanged() -> Response | None:
        nonlocal known
        templates = stamps_in(folders)
        if templates != known:  # one that is new stands before ours, which Jinja has loaded
            (templates_of(app).cache or {}).clear()
            known = templates
        g.telisik_tag = tag = _tag(archive, (program, templates))
        asked = request.if_none_match
        if tag is None or asked.star_tag or not asked.contains_weak(tag):
            return None
        return Response(status=304)

    site.before_request(answer_unchanged)
    site.after_request(packed)  # the last one first: an answer is packed when its tag is known
    site.after_request(_with_tag)


def stamps_in(folders: Iterable[Path]) -> list[tuple[str, tuple[int, int]]]:
    """Return what changes with any file in some folders, which may be absent: newsrooms edit their templates while we run."""
    return sorted((str(path), stamp_of(path)) for folder in folders for path in folder.rglob("*"))


@cache
def _package_digest(name: str) -> str:
    """Return a digest of the code, templates and data of a package, which stay the same while it runs."""
    digest = hashlib.sha256()
    folder = Path(str(files(name)))
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(folder)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def packed(response: Response) -> Response:
    """Return the response as gzip where the client takes it, it is a text and long enough, and no secret is in it."""
    if not _is_packable(response):
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"]:
        return response
    if response.is_streamed and not response.direct_passthrough:
        response.response = _packed_parts(cast("Iterable[bytes]", response.iter_encoded()))
        response.headers.pop("Content-Length", None)
    else:
        response.direct_passthrough = False
        body = response.get_data()
        if len(body) < LEAST_PACKED:
            return response
        response.set_data(b"".join(_packed_parts([body])))
    response.content_encoding = "gzip"
    etag, _weak = response.get_etag()
    if etag is not None:
        response.set_etag(etag, weak=True)
    return response


def _is_packable(response: Response) -> bool:
    kind = response.mimetype or ""
    return (
        response.status_code == 200
        and not _is_private()
        and (kind.startswith(PACKED_TYPES) or kind.endswith(PACKED_SUFFIXES))
        and response.content_encoding is None
    )


def _packed_parts(parts: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(LEVEL, wbits=_GZIP_FRAME)
    for part in parts:
        if packed_part := packer.compress(part):
            yield packed_part
    yield packer.flush()


def _tag(archive: Archive, program: object) -> str | None:
    """Return the tag of the answer to this request, None where it has none: it changes something, or the archive is broken."""
    if request.method not in ("GET", "HEAD"):
        return None
    try:
        state = archive.state()
    except (ArchiveError, StoreFault):  # whoever needs the archive says what is wrong
        return None
    asked = [request.headers.get(name, "") for name in _ASKED_BY]
    said = repr((program, state, archive.settings, language(), request.url, asked))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _with_tag(response: Response) -> Response:
    if "Set-Cookie" in response.headers:  # what it does is to be done again when it is asked for again
        response.cache_control.no_store = True
    if response.status_code in (200, 304) and _is_asset():
        response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    if _is_settled(response):
        return response
    response.cache_control.no_cache = True
    tag: str | None = g.get("telisik_tag")
    if response.status_code not in (200, 304) or tag is None:
        return response
    response.set_etag(tag, weak=True)  # weak: how long a search took is told, too
    response.vary.update(["Cookie", "Accept-Encoding"])
    if response.status_code == 200 and request.if_none_match.star_tag:
        response.make_conditional(request)
    return response


def _is_settled(response: Response) -> bool:
    """Say whether a response says already how it is kept, or may not be."""
    known = response.cache_control
    return _is_private() or known.no_store or known.max_age is not None or "ETag" in response.headers


def _is_asset() -> bool:
    """Say whether a static file was asked for by an address that no other content of it ever has."""
    named = (request.view_args or {}).get("filename")
    return own_endpoint() == "static" and named is not None and asset(named).endswith(request.full_path)


def _is_private() -> bool:
    """Say whether the answer is for archivists alone; their forms have tokens, which would not stay secret if they were packed."""
    return bool(g.get("archivist")) or (own_endpoint() or "").startswith(("archivist.", "accounts."))
