"""A published text that a new renderer rendered again: no copy of before is served for ever."""

import pytest
from django.db.models.expressions import RawSQL
from django.test import Client

from common.search.models import SearchEntry
from common.text.render_again import render_again
from tests.factories.works import publication
from tests.text.stored import make_old

PAGE = "/catalogue/AS-1/"
TEXT = "/catalogue/AS-1/1.0/text/"
SOURCE = "## Data types & formats\n\nA record names its payer.\n"
OLD_HTML = (
    '<h2 id="user-content-former">Data types &amp; formats</h2>\n<p>A record its payer.</p>\n'
)


@pytest.fixture
def published(chair, group):
    found = publication(chair, group, text=SOURCE)
    make_old(found.revision, OLD_HTML)
    vector = "to_tsvector('alliance_english', 'A record its payer.')"
    SearchEntry.objects.filter(kind="publication").update(
        body="A record its payer.",
        tsv=RawSQL(vector, ()),  # noqa: S611  (a constant)
    )
    return found


@pytest.mark.parametrize("path", [PAGE, TEXT])
def test_a_copy_of_before_is_replaced_and_the_new_one_is_kept(published, path):
    before = Client().get(path)

    render_again()

    after = Client().get(path, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert "A record its payer." in before.content.decode()
    assert "A record names its payer." in after.content.decode()
    again = Client().get(path, headers={"if-none-match": after["ETag"]})
    assert again.status_code == 304


def test_a_search_of_the_catalogue_finds_the_words_that_are_shown_now(published):
    path = "/catalogue/?q=names"
    before = Client().get(path)

    render_again()

    after = Client().get(path, headers={"if-none-match": before["ETag"]})
    assert "AS-1" not in before.content.decode()
    assert "AS-1" in after.content.decode()


@pytest.mark.parametrize("path", [PAGE, TEXT])
def test_contents_and_links_to_a_former_address_lead_to_the_section(published, path):
    own = publication_anchor(Client().get("/catalogue/AS-1/").content.decode())
    render_again()

    page = Client().get(path).content.decode()

    new = publication_anchor(page)
    assert own == "user-content-former"
    assert new != own
    assert f'<a href="#{new}">Data types &amp; formats</a>' in page
    assert f'<h2 id="{new}"><a id="user-content-former"></a>Data types &amp; formats</h2>' in page


def publication_anchor(page: str) -> str:
    """The anchor of the only section of the text."""
    rest = page.split('<h2 id="user-content-')[1]
    return "user-content-" + rest.split('"')[0]
