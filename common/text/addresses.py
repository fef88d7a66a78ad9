"""Bare addresses in a text, and which addresses a link may have."""

import re
from collections.abc import Iterator

ALLOWED_SCHEMES = frozenset({"http", "https", "mailto"})
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*):")
# Browsers ignore control characters and line breaks within a scheme.
_IGNORED = re.compile(r"[\x00-\x20\x7f]")

# Letters of scripts that write no space around an address.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3021-\u302f\u3031-\u303c"
    "\u3040-\u30ff\u3100-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7ff\uf900-\ufaff"
    "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uffdc\U00020000-\U0003ffff"
)
# Signs that end an address anywhere; a brace with a colon begins an attribute list.
_ENDING = (
    '\\s<>"“”„«»\u3000-\u3004\u3008-\u3020\u3030\u303d-\u303f'
    "\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
)
_LABEL = "[A-Za-z0-9]++(?>(?:-++[A-Za-z0-9]++)*)"
_BARE = re.compile(
    rf"""(?<![A-Za-z0-9@/:._+-])(?<![^\W{_UNSPACED}])(?:
        (?P<web>(?:https?://|www\.)(?>(?:[^{_UNSPACED}{_ENDING}{{]|\{{(?!:))*))
      | (?P<mail>[A-Za-z0-9._+-]++@{_LABEL}(?>(?:\.{_LABEL})+)(?![_-]*+[A-Za-z0-9]|[_-]*+\.\w|@))
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_BEGINNING = re.compile(r"https?://|www\.", re.IGNORECASE)
_LETTER = re.compile(f"[{_UNSPACED}]")
# Up to a sign that ends the address, or to where another address begins.
_REST = re.compile(rf"(?>(?:(?!https?://|www\.)(?:[^{_ENDING}{{]|\{{(?!:)))+)", re.IGNORECASE)
_MORE_OF_A_HOST = re.compile(rf"[{_UNSPACED}]++[A-Za-z0-9-]*+\.[A-Za-z0-9{_UNSPACED}]")
_HOST = re.compile(r"(?>(?:[^\W_][\w-]*+(?<![-_])\.)+)(?P<top>[^\W\d_]{2,})(?::\d{1,5})?")
# Letters without spaces after one of these belong to the address.
_BEFORE_A_PART = frozenset("/=#")
_OPENING = frozenset("（［｛｟「『【〈《〔〖〘〚")
# Top-level domains in scripts without spaces; the end of other runs of such letters is unknown.
_TOP_LEVEL = frozenset(
    (
        *("中国", "中國", "台湾", "台灣", "香港", "澳門", "新加坡", "公司", "公益"),
        *("网络", "网址", "网站", "在线", "中文网", "政务", "政府", "企业", "集团"),
        *("商城", "我爱你", "世界", "みんな", "コム", "한국", "닷컴", "닷넷", "ไทย"),
        *("คอม", "ລາວ", "テスト", "测试", "測試", "테스트"),
    )
)
# After an address these can continue the sentence or begin a title: it is ambiguous.
_MAYBE_WORDS_AFTER = re.compile(r"[はがのにでともへや]|から|まで|より")
_SENTENCE_END = re.compile(
    r"(?:ください|下さい|です|でした|ます|ました|ません|から|まで|より|参照|を|は|が|に|で|へ"
    r"|을|를|은|는|에서|으로|에게|까지|부터|니다|세요)\Z"
)
_TRAILING = "?!.,:;*_~'\"’…।॥،؛؟۔"


def bare_addresses(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the start and end of each address in a text without markup, and its URL.

    Addresses end as on GitHub, except next to letters of scripts that write no spaces, which can
    belong to the address or to the sentence around it:

    - Behind an ASCII letter, digit or sign of a sentence they end it: `https://a.example/xを見る`
      leads to `/x`. So does を behind a slash, since no word begins with it.
    - Behind "/", "=" or "#" they belong to it, up to a space, the line's end or a closing sign:
      `https://ja.wikipedia.org/wiki/さくら` is whole.
    - A host that has them is taken whole, `http://例え.jp/x`, if it ends in a top-level domain.
    - Everywhere else it is ambiguous, and a wrong page is worse than no link: behind other signs
      (`/Category:日本`), before an opening bracket, where no space comes before the address either
      (`請看https://a.example/說明`), and where the letters begin or end as a sentence does
      (`/さくらを見てください`).

    Linear in the length of the text.
    """
    if "@" not in text and "://" not in text and "www." not in text.lower():
        return
    position = 0
    while (match := _BARE.search(text, position)) is not None:
        position = match.end()
        if match["mail"]:
            yield match.start(), match.end(), f"mailto:{match['mail']}"
            continue
        end, position = _end_of_web(text, match.start(), match.end())
        if end is None:
            continue
        address = _without_trailing(text[match.start() : end])
        host = _BEGINNING.sub("", address, count=1)
        if not host or not (host[0].isalnum() or host[0] == "["):
            continue
        if address[:4].lower() == "www." and "." not in host:
            continue
        url = address if "://" in address[:8] else f"https://{address}"
        yield match.start(), match.start() + len(address), url


def _end_of_web(text: str, start: int, end: int) -> tuple[int | None, int]:
    """Return the end of an address that reaches at least to `end`, None if unsure; where to go on."""
    if not _LETTER.match(text, end):
        return end, end
    begun = _BEGINNING.sub("", text[start:end], count=1)
    last = begun[-1:]
    if not re.search(r"[/?#]", begun):
        goes_on = last in {"", "."}
        is_over = not goes_on and last != "-" and not _MORE_OF_A_HOST.match(text, end)
    else:
        goes_on = last in _BEFORE_A_PART and text[end] != "を"
        is_over = last.isalnum() or last in ".,;!)]}'*~’…" or text[end] == "を"
    if not goes_on:
        return (end if is_over else None), end
    rest = _REST.match(text, end)
    stop = rest.end() if rest else end
    if start and _LETTER.match(text, start - 1):
        return None, stop
    if text[stop : stop + 1] in _OPENING or _BEGINNING.match(text, stop):
        return None, stop
    return (stop if _is_sure(_without_trailing(text[start:stop])) else None), stop


def _is_sure(address: str) -> bool:
    """Whether its letters of scripts without spaces are a host's or whole names in a path."""
    host, *parts = re.split(r"[/?#=&]", _BEGINNING.sub("", address, count=1))
    if _LETTER.search(host):
        known = _HOST.fullmatch(host)
        if known is None or (_LETTER.search(known["top"]) and known["top"] not in _TOP_LEVEL):
            return False
    of_letters = [part for part in parts if _LETTER.search(part)]
    return all(
        _LETTER.match(part) and not _MAYBE_WORDS_AFTER.match(part) for part in of_letters
    ) and not any(_SENTENCE_END.search(part) for part in of_letters)


def _without_trailing(address: str) -> str:
    """Cut the signs that end the sentence and closing brackets that were opened before the address."""
    unopened = {
        closing: address.count(closing) - address.count(opening)
        for opening, closing in ("()", "[]", "{}")
    }
    end = len(address)
    while end:
        last = address[end - 1]
        if unopened.get(last, 0) > 0:
            unopened[last] -= 1
        elif last not in _TRAILING:
            break
        end -= 1
    return address[:end]


def is_allowed(address: str) -> bool:
    """Whether a link may have this address: a web page, a mail address, or one without a scheme."""
    scheme = _SCHEME.match(_IGNORED.sub("", address))
    return scheme is None or scheme[1].lower() in ALLOWED_SCHEMES


def is_relative(address: str) -> bool:
    """Whether the address names a file attached to the text, such as `images/fig1.png`."""
    return bool(address) and not (
        address[0] in "#?/\\" or _SCHEME.match(_IGNORED.sub("", address)) is not None
    )
