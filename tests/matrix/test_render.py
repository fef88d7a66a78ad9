from tests.matrix.render import TARGET, render


def test_permissions_page_says_what_the_matrix_says() -> None:
    """If this fails: `python -m tests.matrix.render`."""
    assert TARGET.read_text("utf-8") == render()
