"""Characters made comparable: widths, blanks, the traditional forms of the words of the form.

All foldings keep the length, so that a place found in folded text is a place in the text itself.
"""

import re

# Traditional characters of headings, labels and names of places; copies that a machine has
# converted carry them.
_TRADITIONAL = str.maketrans(
    "總體況動開報處訴訟複議題進關務條數項規範職業團應請編製統計過機構員會縣區鎮鄉辦廳學黨據內結轉維糾審廢發現來實還問決產華國單紅門見貢責財貨費資質購車軍農連達運選邊"
    "邏郵鐵銀錢長陽陰陳隊際險雲電頁順領頭顧養駐驗點龍許罰強額萬對採組織類執權護屬於訪舉復無當經獲確認繳納補續穩與為後個東廣臨蘇濟寧億時間標準級場監術號佈從兩網齊萊衛"
    "靈縉園環節遼慶貴黃魯漢義鳳馬龜錦莊嶺島灣溝墾牆塢",
    "总体况动开报处诉讼复议题进关务条数项规范职业团应请编制统计过机构员会县区镇乡办厅学党据内结转维纠审废发现来实还问决产华国单红门见贡责财货费资质购车军农连达运选边"
    "逻邮铁银钱长阳阴陈队际险云电页顺领头顾养驻验点龙许罚强额万对采组织类执权护属于访举复无当经获确认缴纳补续稳与为后个东广临苏济宁亿时间标准级场监术号布从两网齐莱卫"
    "灵缙园环节辽庆贵黄鲁汉义凤马龟锦庄岭岛湾沟垦墙坞",
)
_WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_BLANKS = dict.fromkeys((0x09, 0x0B, 0x0C, 0xA0, 0x2002, 0x2003, 0x2009, 0x202F, 0x3000), " ")
_PUNCTUATION = str.maketrans("。【】〔〕［］〈〉《》﹝﹞", "。[][][]<>《》[]")
_PLAIN = _TRADITIONAL | _BLANKS | _WIDE | _PUNCTUATION

HAN = r"\u3400-\u9fff〇"
_ZERO_WIDTH = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")


def fold(text: str) -> str:
    """Return ``text`` with full-width forms, blanks and traditional characters made plain.

    The length stays: every character is exchanged for one character.
    """
    return text.translate(_PLAIN)


def simplified(text: str) -> str:
    """Return ``text`` with the known traditional characters exchanged; its length stays."""
    return text.translate(_TRADITIONAL)


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
