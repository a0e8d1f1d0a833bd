"""What tests in a browser look at, whatever the page: what it reports, loads and moves, where it can be scrolled and focused."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

STATUS_OF_PAGE = "Failed to load resource: the server responded with a status of 4"  # told of the page itself

MOST_SHIFTED = 0.01  # Google calls 0.1 good (https://web.dev/articles/cls)

# Before any script of the page: how far its parts shift while it loads, and what its policy refuses.
OBSERVE = """
window.shifts = [];
window.refused = [];
const told = ({ node }) => (node?.outerHTML ?? node?.textContent ?? "").slice(0, 60);
new PerformanceObserver(list => {
  for (const { value, sources } of list.getEntries()) window.shifts.push([value, sources.map(told).join(" | ")]);
}).observe({ type: "layout-shift", buffered: true });
addEventListener("securitypolicyviolation", event => window.refused.push(`${event.violatedDirective} ${event.blockedURI}`));
"""
SHIFTS = "new Promise(done => requestAnimationFrame(() => setTimeout(() => done(window.shifts), 50)))"

# Where the keyboard has to get to: all that can be used and is seen; of radio buttons of one name, one.
USABLE = """() => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
  .filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.disabled)
  .filter(one => one.type !== "radio" || one.checked)
  .map((one, place) => { one.dataset.stop = place; return one.outerHTML.slice(0, 120); })"""

# Where the focus is, and how it is seen. A bar of a figure is marked by the stroke of its rectangles.
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body || one === document.documentElement) return null;
  const seen = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const bar = one.querySelector(":scope > .bar, :scope > .marker");
  const box = one.getBoundingClientRect();
  const [x, y] = [box.left + Math.min(box.width, innerWidth) / 2, box.top + box.height / 2];
  const above = document.elementFromPoint(x, Math.min(Math.max(y, 0), innerHeight - 1));
  return {
    stop: one.dataset.stop ?? null,
    marked: seen(getComputedStyle(one)) || (bar !== null && getComputedStyle(bar).strokeWidth === "2px"),
    inView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    covered: above !== null && getComputedStyle(above).position !== "static" && !above.contains(one) && !one.contains(above)
      && !one.closest("label")?.contains(above),
    html: one.outerHTML.slice(0, 120),
  };
}"""


@dataclass
class Watch:
    """What the pages of a context have reported that is no good, and all that they asked for."""

    wrong: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def told(self, message: "ConsoleMessage") -> None:
        """Note a warning or an error of the console; that the page itself is answered with 4xx is none."""
        if message.type in ("error", "warning") and not message.text.startswith(STATUS_OF_PAGE):
            self.wrong.append(message.text)

    def asked(self, request: "Request") -> None:
        self.requests.append(request.url)

    def faults(self, page: "Page") -> list[str]:
        """Return all that was wrong: errors, what the policy refused, and requests to another host than the page's."""
        refused: list[str] = page.evaluate("window.refused ?? []")
        host = urlsplit(page.url).netloc
        schemes = ("http", "https", "ws", "wss")
        foreign = [url for url in self.requests if urlsplit(url).scheme in schemes and urlsplit(url).netloc != host]
        return self.wrong + refused + foreign


def watch(context: "BrowserContext") -> Watch:
    """Watch all pages that a context opens from now on."""
    seen = Watch()
    context.add_init_script(OBSERVE)
    context.on("console", seen.told)
    context.on("weberror", lambda error: seen.wrong.append(str(error.error)))
    context.on("request", seen.asked)
    return seen


def shifted(page: "Page") -> list[str]:
    """Return what has moved since the page began to load, nothing where it is as good as still."""
    shifts: list[tuple[float, str]] = page.evaluate(SHIFTS)
    return (
        [f"{value:.4f} {what}" for value, what in shifts]
        if sum(value for value, _what in shifts) >= MOST_SHIFTED
        else []
    )


def unfold(page: "Page") -> None:
    """Open everything that is folded on the page."""
    page.evaluate("document.querySelectorAll('details').forEach(folded => { folded.open = true; })")


def double_ids(page: "Page") -> list[str]:
    """Return the ids that more than one element has: labels and links would lead to the first."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("[id]")].map(one => one.id).filter((id, place, ids) => ids.indexOf(id) < place)"""
    )
    return found


def too_wide(page: "Page") -> list[str]:
    """Return what stands out at the right so that the page scrolls sideways, nothing where it does not."""
    found: list[str] = page.evaluate(
        """() => {
          const { scrollWidth, clientWidth } = document.documentElement;
          if (scrollWidth <= clientWidth) return [];
          const out = [...document.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > clientWidth);
          return [`${scrollWidth} > ${clientWidth}`, ...out.map(one => one.outerHTML.slice(0, 120)).slice(-3)];
        }"""
    )
    return found


def tab_faults(page: "Page") -> list[str]:
    """Go through a page by Tab from its beginning to its end; return where the focus is not seen or never comes."""
    usable: list[str] = page.evaluate(USABLE)
    found: list[str] = []
    reached: set[str] = set()
    page.evaluate(
        "document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')"
    )  # the beginning
    for _press in range(len(usable) + 10):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            break
        found += [f"{what}: {focused['html']}" for what in ("covered",) if focused[what]]
        found += [f"not {what}: {focused['html']}" for what in ("marked", "inView") if not focused[what]]
        if focused["stop"] is not None:
            reached.add(focused["stop"])
    else:
        found.append("the focus never leaves the page")
    return found + [f"not reached: {html}" for place, html in enumerate(usable) if str(place) not in reached]
