"""Pages as readers see them: texts and links."""

from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as Page


def page_at(client: FlaskClient, address: str, status: int = 200) -> Page:
    """Return the page that is answered with this status."""
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return Page(answer.text)


def texts(page: Page, selector: str) -> list[str]:
    """Return the texts of the elements that a selector means, spaces as one."""
    return [" ".join(node.text().split()) for node in page.css(selector)]


def text(page: Page, selector: str) -> str:
    """Return the text of the one element that a selector means."""
    (only,) = texts(page, selector)
    return only


def link(page: Page, selector: str, words: str) -> str:
    """Return where the one link leads whose text contains these words."""
    (found,) = [node for node in page.css(selector) if words in " ".join(node.text().split())]
    return found.attributes["href"] or ""
