"""Characters made comparable: widths, blanks, the traditional forms of the words of the form.

All foldings keep the length, so that a place found in folded text is a place in the text itself.
"""

import re

# Traditional characters of the headings and labels; copies on converted pages carry them.
_TRADITIONAL = str.maketrans(
    "總體況動開報處訴訟複議題進關務條數項規範職業團應請編製統計過機構員會縣區鎮鄉辦廳學黨據內"
    "結轉維糾審廢發現來實還問決產華國產單紅門見貢責財貨費資質購車軍農連達運達選邊邏郵鐵銀錢長"
    "陽陰陳隊際險雲電頁順領頭顧養駐驗點龍",
    "总体况动开报处诉讼复议题进关务条数项规范职业团应请编制统计过机构员会县区镇乡办厅学党据内"
    "结转维纠审废发现来实还问决产华国产单红门见贡责财货费资质购车军农连达运达选边逻邮铁银钱长"
    "阳阴陈队际险云电页顺领头顾养驻验点龙",
)
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_BLANKS = dict.fromkeys((0x09, 0x0B, 0x0C, 0xA0, 0x2002, 0x2003, 0x2009, 0x202F, 0x3000), 0x20)
_PUNCTUATION = str.maketrans("。【】〔〕［］〈〉《》﹝﹞", "。[][][]<>《》[]")

HAN = r"\u3400-\u9fff〇"
_ZERO_WIDTH = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")


def fold(text: str) -> str:
    """Return ``text`` with full-width forms, blanks and traditional characters made plain.

    The length stays: every character is exchanged for one character.
    """
    return text.translate(_BLANKS | _WIDE).translate(_PUNCTUATION).translate(_TRADITIONAL)


def tight(text: str) -> str:
    """Return ``text`` without any white space."""
    return "".join(text.split())


def visible(text: str) -> str:
    """Return ``text`` without zero-width and control characters; line ends become ``\\n``."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    return _CONTROL.sub("", _ZERO_WIDTH.sub("", text))


def without_blanks(text: str, keep: str = "") -> tuple[str, list[int]]:
    """Return ``text`` without white space but for the characters in ``keep``, and for each
    character left its place in ``text``."""
    places = [i for i, c in enumerate(text) if not c.isspace() or c in keep]
    return "".join([text[i] for i in places]), places
