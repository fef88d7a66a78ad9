"""Names as people have them, in many scripts, for tests that try any name."""

from hypothesis import strategies

LETTERS = {
    "latin": "abcdeéèñłøæœþðđßıăơưșțçğšžÅÖÜ",
    "vietnamese": "ĐđắềộữỳNguyễnVăn",
    "cyrillic": "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґЁ",
    "greek": "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώΐ",
    "armenian": "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև",
    "georgian": "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
    "han": "日立製作所評価安全性研究北京大学",
    "kana": "かがきぎはばぱカガハバパーっんン",
    "hangul": "가나다라마한글연구소각힣",
    "thai": "กขคงจธรรมศาสตร์ก่ก้ำไ",
    "devanagari": "कखगघचविश्वविद्यालयक्षज्ञ",
    "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "hebrew": "אבגדהוזחטיכלמנסעפצקרשת",
}
words = strategies.one_of(
    *(strategies.text(letters, min_size=1, max_size=12) for letters in LETTERS.values())
)
names = strategies.lists(words, min_size=1, max_size=4).map(" ".join)
anything = strategies.text(
    strategies.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=120,
).filter(lambda text: text.strip() != "")
