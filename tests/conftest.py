"""Fixtures of all tests: English messages, and no skipped test where CI says that everything is there."""

import os
from collections.abc import Iterator

import pytest

from index.messages import DEFAULT_LANGUAGE, use_language


@pytest.fixture(autouse=True)
def english_messages() -> Iterator[None]:
    use_language("en")
    yield
    use_language(DEFAULT_LANGUAGE)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a run in CI that skipped anything: there a missing browser or data set is a fault of the set-up."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped") and exitstatus == 0:
        reporter.write_line("CI: no test may be skipped", red=True)
        session.exitstatus = 1
