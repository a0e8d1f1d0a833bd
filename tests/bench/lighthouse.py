"""What Google's Lighthouse says of the search page and the article page, on a phone and on a desktop.

    python -m tests.bench.lighthouse

Lighthouse is fetched by npx. The pages are of an archive of the sample articles, served as `telisik serve` serves it. Scores for
performance depend on the machine; what each score below 100 lost is listed.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.machine import machine_line
from tests.bench.tables import table
from tests.bench.web_load import HOST, served
from tests.screenshots import ARTICLE, SEARCH, made_archive

LIGHTHOUSE = "lighthouse@12.8.2"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PAGES = {"search": SEARCH, "article": ARTICLE}
FORMS = {"phone": (), "desktop": ("--preset=desktop",)}


def main() -> int:
    """Measure and print; return 1 where something is missing to measure with."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None or shutil.which("npx") is None:
        print("chromium and npx are needed", file=sys.stderr)
        return 1
    rows, losses = [], []
    with tempfile.TemporaryDirectory() as scratch:
        folder = made_archive(Path(scratch) / "arsip")
        with served(folder.path, workers=2) as (port, _process):
            for page, path in PAGES.items():
                for form, options in FORMS.items():
                    report = reported(f"http://{HOST}:{port}{path}", chromium, *options)
                    scores = (report["categories"][category]["score"] for category in CATEGORIES)
                    rows.append([f"{page}, {form}", *(str(round(100 * score)) for score in scores)])
                    losses += [f"{page}, {form}: {loss}" for category in CATEGORIES for loss in lost(report, category)]
    print(machine_line())
    print(table(["", *CATEGORIES], rows))
    print("\n".join(losses))
    return 0


def reported(url: str, chromium: str, *options: str) -> dict:
    """Return Lighthouse's report of a page."""
    command = ["npx", "--yes", LIGHTHOUSE, url, "--output=json", "--quiet", f"--only-categories={','.join(CATEGORIES)}"]
    flags = "--chrome-flags=--headless=new --no-sandbox --disable-gpu"
    environment = os.environ | {"CHROME_PATH": chromium}
    done = subprocess.run([*command, *options, flags], env=environment, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def lost(report: dict, category: str) -> list[str]:
    """Return the audits that count for a category and are not fully met."""
    counting = [ref["id"] for ref in report["categories"][category]["auditRefs"] if ref["weight"]]
    audits = [report["audits"][name] for name in counting]
    return [
        f"{audit['id']} {audit.get('displayValue', '')}".strip()
        for audit in audits
        if audit["score"] is not None and audit["score"] < 1
    ]


if __name__ == "__main__":
    sys.exit(main())
