"""What axe-core finds wrong with a page for readers who see, hear or steer differently."""

import pytest

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def faults(page: "playwright_api.Page") -> list[str]:
    """Return each fault of WCAG 2.2 AA or good practice on the page that is shown: its rule and where it is.

    Targets of fewer than 24 pixels are among them, for which axe has to be asked.
    """
    asked = {"resultTypes": ["violations"], "runOnly": RULES, "rules": {"target-size": {"enabled": True}}}
    found = axe_playwright.Axe().run(page, options=asked).response["violations"]
    return [f"{fault['id']}: {', '.join(map(str, node['target']))}" for fault in found for node in fault["nodes"]]
