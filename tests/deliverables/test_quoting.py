from workinggroups.deliverables.models import ReviewComment
from workinggroups.deliverables.quoting import with_quotes


def comment(number, quote):
    return ReviewComment(number=number, quote=quote)


def way(number):
    return (
        f'<a class="quoted-number" href="#comment-{number}" aria-label="Comment {number}">'
        f"{number}</a>"
    )


def test_the_quoted_words_lead_to_their_comment():
    html = with_quotes("<p>Who pays for it?</p>", [comment(3, "pays for")])

    assert html == f'<p>Who <span class="quoted">pays for</span>{way(3)} it?</p>'


def test_two_who_quote_the_same_words_share_the_mark():
    html = with_quotes("<p>Who pays?</p>", [comment(1, "Who"), comment(2, "Who")])

    assert html == f'<p><span class="quoted">Who</span>{way(1)}{way(2)} pays?</p>'


def test_a_quote_inside_another_is_marked_within_it():
    html = with_quotes("<p>Who pays for it</p>", [comment(1, "pays for"), comment(2, "pays")])

    assert html.count('class="quoted"') == 2


def test_words_across_a_line_end_are_found():
    html = with_quotes("<p>Who\npays</p>", [comment(1, "Who pays")])

    assert '<span class="quoted">Who\npays</span>' in html


def test_words_that_stand_nowhere_change_nothing():
    html = "<p>Who <em>pays</em>?</p>"

    assert with_quotes(html, [comment(1, "Who paid"), comment(2, ""), comment(3, "lost")]) == html


def test_nothing_inside_a_tag_is_touched():
    html = '<p><a href="https://pays.example" title="pays">x</a></p>'

    assert with_quotes(html, [comment(1, "pays"), comment(2, "href")]) == html


def test_markup_in_a_quote_stays_text():
    html = with_quotes("<p>a &lt;b&gt; c</p>", [comment(1, "<b>"), comment(2, "<script>")])

    assert '<span class="quoted">&lt;b&gt;</span>' in html
    assert "<script>" not in html
    assert "<b>" not in html
