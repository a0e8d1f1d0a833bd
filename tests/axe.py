"""What axe-core finds wrong with a page for readers who see, hear or steer differently."""

import pytest

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["cat.color"]


def faults(page: "playwright_api.Page", tags: list[str] = RULES) -> list[str]:
    """Return each fault of WCAG 2.2 AA or good practice on the page that is shown: its rule and where it is.

    Targets of fewer than 24 pixels are among them, for which axe has to be asked; of `COLOURS` are those that a theme may have.
    """
    options = {
        "resultTypes": ["violations"],
        "runOnly": {"type": "tag", "values": tags},
        "rules": {} if tags == COLOURS else {"target-size": {"enabled": True}},
    }
    found = axe_playwright.Axe().run(page, options=options).response["violations"]
    return [f"{fault['id']}: {', '.join(map(str, node['target']))}" for fault in found for node in fault["nodes"]]
