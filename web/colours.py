"""The newsroom's own colour of links and buttons: checked to be readable, and served as a stylesheet of custom properties."""

import hashlib
import math

from flask import Response, request

from index.messages import gettext as _
from index.settings import ArchiveFolder, Settings, SettingsWrong
from web.formatting import decimal_text
from web.site import YEAR_SECONDS

LEAST_CONTRAST = 4.5  # https://www.w3.org/TR/WCAG22/#contrast-minimum
LIGHT = ("#fdfcf9", "#f5f2ec", "#fbeee6", "#ffffff")  # what the colour lies on in style.css, and what lies on it
DARK = ("#161513", "#21201d", "#33231d", "#24100d")


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours "#rrggbb", from 1 to 21 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    darker, lighter = sorted(map(_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    shares = [int(colour[begin : begin + 2], 16) / 255 for begin in (1, 3, 5)]
    red, green, blue = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def colours_css(settings: Settings, folder: ArchiveFolder) -> str:
    """Return the rules for the colours that a newsroom has set, "" without any; raise SettingsWrong where one is hard to read."""
    rules = ""
    for scheme, name, colour, papers in (
        ("light", "accent", settings.accent, LIGHT),
        ("dark", "accent_dark", settings.accent_dark, DARK),
    ):
        if colour is None:
            continue
        least = min(contrast(colour, paper) for paper in papers)
        if least < LEAST_CONTRAST:
            reason = _(
                "%(name)s: %(colour)s is hard to read (contrast %(contrast)s:1, at least %(least)s:1 is needed); "
                "take a darker one for light paper, a lighter one for dark paper",
                name=name,
                colour=colour,
                contrast=decimal_text(math.floor(least * 10) / 10),
                least=decimal_text(LEAST_CONTRAST),
            )
            raise SettingsWrong(folder.settings_file, reason)
        rules += (
            f"@media (prefers-color-scheme: {scheme}) {{ :root {{ --accent: {colour}; --series-1: {colour}; }} }}\n"
        )
    return rules


def digest(css: str) -> str:
    """Return a short text that changes with the rules, for their address."""
    return hashlib.sha256(css.encode()).hexdigest()[:10]


def colours_response(css: str) -> Response:
    """Return the rules as a stylesheet that browsers keep where its address has their digest, which changes with them."""
    response = Response(css, content_type="text/css; charset=utf-8")
    if request.args.get("v") != digest(css):
        return response
    response.cache_control.public, response.cache_control.immutable = True, True
    response.cache_control.max_age = YEAR_SECONDS
    return response
