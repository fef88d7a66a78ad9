"""docs/ballots.md shows the states of a ballot as the code has them."""

from tests.decisions.ballot_table import PAGE, rendered


def test_the_page_has_the_table_of_the_code() -> None:
    page = PAGE.read_text()
    assert page == rendered(page), "run python -m tests.decisions.ballot_table"
