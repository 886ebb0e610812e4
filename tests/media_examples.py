"""Documents written for the tests: one made-up report in each format, its figures known.

The tables are told once, as rows of (text, colspan, rowspan); each writer below puts them into its
format by hand, so that the tests need no office program.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

import openpyxl
from PIL import Image, ImageDraw, ImageFont

Row = Sequence[tuple[str, int, int]]

APPLICANTS = 6
_DETAILS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("（一）予以公开", ()),
    ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", ()),
    (
        "（三）不予公开",
        (
            "1.属于国家秘密",
            "2.其他法律行政法规禁止公开",
            "3.危及“三安全一稳定”",
            "4.保护第三方合法权益",
            "5.属于三类内部事务信息",
            "6.属于四类过程性信息",
            "7.属于行政执法案卷",
            "8.属于行政查询事项",
        ),
    ),
    (
        "（四）无法提供",
        (
            "1.本机关不掌握相关政府信息",
            "2.没有现成信息需要另行制作",
            "3.补正后申请内容仍不明确",
        ),
    ),
    (
        "（五）不予处理",
        (
            "1.信访举报投诉类申请",
            "2.重复申请",
            "3.要求提供公开出版物",
            "4.无正当理由大量反复申请",
            "5.要求行政机关确认或重新出具已获取信息",
        ),
    ),
    (
        "（六）其他处理",
        (
            "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
            "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
            "3.其他",
        ),
    ),
)


def _figures() -> list[list[int]]:
    """Return the 25 rows of Table III with seven figures each; all its identities hold."""
    details = [[(7 * y + 3 * x) % 11 * (x < 2 or y % 3 == 0) for x in range(6)] for y in range(21)]
    handled = [sum(column) for column in zip(*details, strict=True)]
    carried_in = [3, 1, 0, 0, 2, 0]
    carried_out = [4, 0, 0, 1, 0, 0]
    new = [h + o - i for h, o, i in zip(handled, carried_out, carried_in, strict=True)]
    rows = [new, carried_in, *details, handled, carried_out]
    return [[*row, sum(row)] for row in rows]


FIGURES = _figures()
REVIEW = (12, 3, 1, 2, 18, 5, 1, 0, 4, 10, 2, 0, 1, 0, 3)
ACTIVE = {
    "regulations": {"issued": 1, "repealed": 0, "valid": 11},
    "normative_docs": {"issued": 8, "repealed": 26, "valid": 66},
    "admin_licensing": {"decisions": 447228},
    "admin_penalty": {"decisions": 3985758},
    "admin_coercion": {"decisions": None},
    "admin_fees": {"amount_10k_cny": 96171.6},
}
TITLE = "青川市人民政府办公室2024年政府信息公开工作年度报告"
TEXTS = (
    "本报告根据《中华人民共和国政府信息公开条例》编制，统计期限自2024年1月1日至12月31日。",
    "一、总体情况",
    "全年主动公开政府信息5500余条。",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "公开的主动性仍需提升，下一步加强培训。",
    "六、其他需要报告的事项",
    "无。",
)


def active_rows() -> list[Row]:
    """Return Table II, 12 columns wide."""
    return [
        [("第二十条第（一）项", 12, 1)],
        [(t, 3, 1) for t in ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数")],
        [(t, 3, 1) for t in ("规章", "1", "0", "11")],
        [(t, 3, 1) for t in ("行政规范性文件", "8", "26", "66")],
        [("第二十条第（五）项", 12, 1)],
        [("信息内容", 3, 1), ("本年处理决定数量", 9, 1)],
        [("行政许可", 3, 1), ("447228", 9, 1)],
        [("第二十条第（六）项", 12, 1)],
        [("信息内容", 3, 1), ("本年处理决定数量", 9, 1)],
        [("行政处罚", 3, 1), ("3985758", 9, 1)],
        [("行政强制", 3, 1), ("", 9, 1)],
        [("第二十条第（八）项", 12, 1)],
        [("信息内容", 3, 1), ("本年收费金额（单位：万元）", 9, 1)],
        [("行政事业性收费", 3, 1), ("96171.6", 9, 1)],
    ]


def request_rows() -> list[Row]:
    """Return Table III, 10 columns wide: three for the labels, seven for the figures."""
    figures = iter([[(str(n), 1, 1) for n in row] for row in FIGURES])
    rows: list[Row] = [
        [
            (
                "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
                3,
                3,
            ),
            ("申请人情况", 7, 1),
        ],
        [("自然人", 1, 2), ("法人或其他组织", 5, 1), ("总计", 1, 2)],
        [(t, 1, 1) for t in ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")],
        [("一、本年新收政府信息公开申请数量", 3, 1), *next(figures)],
        [("二、上年结转政府信息公开申请数量", 3, 1), *next(figures)],
    ]
    results: list[tuple[str, int, int]] = [("三、本年度办理结果", 1, 22)]
    for group, details in _DETAILS:
        if not details:
            rows.append([*results, (group, 2, 1), *next(figures)])
            results = []
        for i, detail in enumerate(details):
            head = [] if i else [(group, 1, len(details))]
            rows.append([*head, (detail, 1, 1), *next(figures)])
    rows.append([("（七）总计", 2, 1), *next(figures)])
    rows.append([("四、结转下年度继续办理", 3, 1), *next(figures)])
    return rows


def review_rows() -> list[Row]:
    """Return Table IV, 15 columns wide."""
    outcomes = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
    return [
        [("行政复议", 5, 1), ("行政诉讼", 10, 1)],
        [*[(t, 1, 2) for t in outcomes], ("未经复议直接起诉", 5, 1), ("复议后起诉", 5, 1)],
        [(t, 1, 1) for t in (*outcomes, *outcomes)],
        [(str(n), 1, 1) for n in REVIEW],
    ]


def parts() -> Iterator[str | list[Row]]:
    """Yield the report: its paragraphs as text, its tables as rows."""
    yield TITLE
    yield from TEXTS[:4]
    yield active_rows()
    yield TEXTS[4]
    yield request_rows()
    yield TEXTS[5]
    yield review_rows()
    yield from TEXTS[6:]


Placed = tuple[str, int, int, int, bool]
"""Text, column, colspan, rows, and whether it goes on with a cell above."""


def placed(rows: Sequence[Row]) -> list[list[Placed]]:
    """Return each row with every cell that covers it, those from above too, by column."""
    width = sum(colspan for _, colspan, _ in rows[0])
    taken: dict[tuple[int, int], Placed] = {}
    found = []
    for y, row in enumerate(rows):
        x, cells = 0, iter(row)
        line: list[Placed] = []
        while x < width:
            if (y, x) in taken:
                cell = taken[y, x]
            else:
                text, colspan, rowspan = next(cells)
                cell = (text, x, colspan, rowspan, False)
                for below in range(y + 1, y + rowspan):
                    taken[below, x] = (text, x, colspan, rowspan, True)
            line.append(cell)
            x += cell[2]
        found.append(line)
    return found


# DOCX

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument'
    '.wordprocessingml.document.main+xml"/></Types>'
)
_BORDERS = (
    "<w:tblBorders>"
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + "</w:tblBorders>"
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def zipped(members: dict[str, str | bytes]) -> bytes:
    """Return a ZIP with these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return buffer.getvalue()


def relations(*pairs: tuple[str, str]) -> str:
    """Return a .rels part with (last word of the type, target) each."""
    inside = "".join(
        f'<Relationship Id="r{i}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(pairs)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{inside}</Relationships>'


def docx(body: str, **more: str) -> bytes:
    """Return a DOCX with this body; ``more`` are parts such as numbering, footnotes, styles."""
    names = {kind: f"{kind}.xml" for kind in more}
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": relations(("officeDocument", "word/document.xml")),
        "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": relations(*names.items()),
    }
    members |= {
        f"word/{names[kind]}": f'<w:{kind} xmlns:w="{_W}">{inside}</w:{kind}>'
        for kind, inside in more.items()
    }
    return zipped(members)


def docx_p(text: str, properties: str = "") -> str:
    """Return a paragraph in two runs, cut in the middle as Word does after a correction."""
    half = len(text) // 2
    runs = "".join(
        f'<w:r><w:t xml:space="preserve">{escape(part)}</w:t></w:r>'
        for part in (text[:half], text[half:])
    )
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def docx_table(rows: Sequence[Row]) -> str:
    """Return a table with gridSpan and vMerge."""
    lines = []
    for row in placed(rows):
        cells = []
        for text, _, colspan, rowspan, on in row:
            span = f'<w:gridSpan w:val="{colspan}"/>' if colspan > 1 else ""
            merge = "<w:vMerge/>" if on else '<w:vMerge w:val="restart"/>' if rowspan > 1 else ""
            inside = docx_p("" if on else text)
            cells.append(f"<w:tc><w:tcPr>{span}{merge}</w:tcPr>{inside}</w:tc>")
        lines.append(f"<w:tr>{''.join(cells)}</w:tr>")
    return f"<w:tbl><w:tblPr>{_BORDERS}</w:tblPr>{''.join(lines)}</w:tbl>"


def report_docx() -> bytes:
    """Return the report as DOCX."""
    return docx(
        "".join(docx_p(part) if isinstance(part, str) else docx_table(part) for part in parts())
    )


# RTF


def report_rtf() -> bytes:
    """Return the report as RTF in code page 936, figures plain."""
    blocks = [
        rf"\pard {_rtf(part)}\par " if isinstance(part, str) else _rtf_table(part)
        for part in parts()
    ]
    head = r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fcharset134 SimSun;}}{\info{\title x}}"
    return (head + "\n".join(blocks) + "}").encode("ascii")


def _rtf(text: str) -> str:
    return "".join(
        char if char.isascii() else "".join(rf"\'{byte:02x}" for byte in char.encode("gb18030"))
        for char in text
    )


def _rtf_table(rows: Sequence[Row]) -> str:
    lines = []
    for row in placed(rows):
        edges = "".join(
            (r"\clvmrg" if on else r"\clvmgf" if rowspan > 1 else "")
            + rf"\clbrdrt\brdrs\cellx{700 * (x + colspan) + (x % 3)}"
            for _, x, colspan, rowspan, on in row
        )
        cells = "".join(
            rf"\pard\intbl {'' if on else _rtf(text)}\cell " for text, _, _, _, on in row
        )
        lines.append(rf"\trowd\trgaph100 {edges}{cells}\row")
    return "\n".join(lines) + "\n"


# XLSX


def report_xlsx() -> bytes:
    """Return the report's three tables as a workbook of three sheets, figures as numbers."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in (("二", active_rows()), ("三", request_rows()), ("四", review_rows())):
        sheet = book.create_sheet(name)
        for y, row in enumerate(placed(rows), 1):
            for text, x, colspan, rowspan, on in row:
                if on:
                    continue
                value = float(text) if text.replace(".", "").isdigit() else text
                sheet.cell(y, x + 1, value or (0 if text == "0" else None))
                if colspan * rowspan > 1:
                    sheet.merge_cells(
                        start_row=y,
                        start_column=x + 1,
                        end_row=y + rowspan - 1,
                        end_column=x + colspan,
                    )
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


# Pages: PDF and OFD

PAGE = (595.0, 842.0)
SIZE = 10.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 70.0, 530.0, 80.0, 770.0


class Press:
    """Sets the report on pages: lines at their place, tables ruled, pages full to the end."""

    def __init__(self) -> None:
        self.pages: list[tuple[list[tuple[float, float, str]], list[tuple[float, ...]]]] = []
        self._turn()

    def _turn(self) -> None:
        self.pages.append(([], []))
        self._y = _TOP
        number = f"— {len(self.pages)} —"
        self.write(280, 810, number)

    def write(self, x: float, y: float, text: str) -> None:
        """Put text with its baseline at ``y``."""
        self.pages[-1][0].append((x, y, text))

    def paragraph(self, text: str) -> None:
        """Set a paragraph, its first line indented by two characters."""
        room = int((_RIGHT - _LEFT) // SIZE)
        first = room - 2
        lines = [text[:first]]
        lines += [text[i : i + room] for i in range(first, len(text), room)]
        for i, line in enumerate(lines):
            if self._y + 20 > _BOTTOM:
                self._turn()
            self.write(_LEFT + (0 if i else 2 * SIZE), self._y + 12, line)
            self._y += 20

    def table(self, rows: Sequence[Row], widths: Sequence[float]) -> None:
        """Set a table; where the page ends, its open cells are cut and go on overleaf."""
        lines = placed(rows)
        edges = [_LEFT]
        for width in widths:
            edges.append(edges[-1] + width)
        heights = [self._height(row, edges) for row in lines]
        y = 0
        while y < len(lines):
            stop, room = y, _BOTTOM - self._y
            while stop < len(lines) and heights[stop] <= room:
                room -= heights[stop]
                stop += 1
            if stop == y:
                self._turn()
                continue
            self._page_of(lines, heights, y, stop, edges)
            y = stop
            if y < len(lines):
                self._turn()

    @staticmethod
    def _height(row: list[Placed], edges: Sequence[float]) -> float:
        tallest = max(
            (
                len(_wrapped(text, edges[x + colspan] - edges[x]))
                for text, x, colspan, rowspan, _ in row
                if rowspan == 1
            ),
            default=1,
        )
        return 12.0 * tallest + 8

    def _page_of(
        self,
        lines: list[list[Placed]],
        heights: list[float],
        first: int,
        stop: int,
        edges: Sequence[float],
    ) -> None:
        """Set the rows from ``first`` up to ``stop`` on the page.

        A cell that the page's end cuts is ruled on both pages; its text stands above.
        """
        tops = [self._y]
        for height in heights[first:stop]:
            tops.append(tops[-1] + height)
        for y in range(first, stop):
            for text, x, colspan, rowspan, on in lines[y]:
                if on and y > first:
                    continue
                end = y + rowspan if not on else y + _left_below(lines, y, x)
                top, bottom = tops[y - first], tops[min(end, stop) - first]
                self._box(edges[x], top, edges[x + colspan], bottom)
                shown = [] if on else _wrapped(text, edges[x + colspan] - edges[x])
                for i, line in enumerate(shown, 1):
                    self.write(edges[x] + 4, top + 12 * i, line)
        self._y = tops[-1] + 16

    def _box(self, x0: float, y0: float, x1: float, y1: float) -> None:
        strokes = self.pages[-1][1]
        strokes += [(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)]


def _left_below(lines: list[list[Placed]], y: int, column: int) -> int:
    """Return how many rows from ``y`` on the cell of this column, begun above, still covers."""
    count = 1
    while y + count < len(lines) and (column, True) in {(c[1], c[4]) for c in lines[y + count]}:
        count += 1
    return count


def _wrapped(text: str, width: float) -> list[str]:
    """Return the text in lines that fit, Chinese and Latin characters alike half and full wide."""
    lines, line, used = [], "", 0.0
    for char in text:
        wide = SIZE if ord(char) > 0x2000 else SIZE / 2
        if used + wide > width - 8:
            lines.append(line)
            line, used = "", 0.0
        line, used = line + char, used + wide
    return [*lines, line] if line else lines


WIDTHS = {
    12: [460 / 12] * 12,
    10: [28.0, 52.0, 130.0, *[250 / 7] * 7],
    15: [460 / 15] * 15,
}


def pressed() -> Press:
    """Return the report set on pages."""
    press = Press()
    for part in parts():
        if isinstance(part, str):
            press.paragraph(part)
        else:
            press.table(part, WIDTHS[sum(colspan for _, colspan, _ in part[0])])
    return press


Drawn = tuple[Sequence[tuple[float, float, str]], Sequence[tuple[float, ...]]]
"""The texts (left, baseline from the top, text) and the strokes of one page."""


def pdf(
    pages: Sequence[Drawn], *, turned: bool = False, image: bool = False, extra: str = ""
) -> bytes:
    """Return a PDF of texts and strokes, in a Chinese font that every reader knows by name.

    ``turned``: the pages lie on their side and say so; ``image``: each page shows a picture too;
    ``extra``: more operators for each page.
    """
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    objects.append(
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
        " /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000"
        " /W [1 95 500] /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light"
        " /Flags 4 /FontBBox [0 -120 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120"
        " /CapHeight 880 /StemV 80 >> >>] >>"
    )
    objects.append(
        "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray"
        " /BitsPerComponent 8 /Length 1 >>\nstream\n0\nendstream"
    )
    width, height = PAGE[::-1] if turned else PAGE
    kids = []
    for texts, strokes in pages:
        drawn = [
            f"{x0:.2f} {PAGE[1] - y0:.2f} m {x1:.2f} {PAGE[1] - y1:.2f} l S"
            for x0, y0, x1, y1 in strokes
        ]
        drawn += [
            f"BT /F {SIZE} Tf {x:.2f} {PAGE[1] - y:.2f} Td <{text.encode('utf-16-be').hex()}> Tj ET"
            for x, y, text in texts
        ]
        drawn += ["q 500 0 0 700 40 60 cm /I Do Q"] if image else []
        drawn = [f"0 1 -1 0 {PAGE[1]} 0 cm", *drawn] if turned else drawn
        stream = "\n".join([*drawn, extra])
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}]"
            f" /Rotate {90 if turned else 0}"
            f" /Resources << /Font << /F 3 0 R >> /XObject << /I 4 0 R >> >>"
            f" /Contents {len(objects)} 0 R >>"
        )
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out = bytearray(b"%PDF-1.5\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("ascii")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode("ascii")
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\n".encode("ascii")
    out += f"startxref\n{start}\n%%EOF\n".encode("ascii")
    return bytes(out)


_OFD = "http://www.ofdspec.org/2016"
_MM = 25.4 / 72


def ofd(pages: Sequence[Drawn]) -> bytes:
    """Return an OFD of texts and strokes; the page's size stands in the document."""
    members: dict[str, str | bytes] = {
        "OFD.xml": f'<ofd:OFD xmlns:ofd="{_OFD}"><ofd:DocBody>'
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f'<ofd:Document xmlns:ofd="{_OFD}"><ofd:CommonData><ofd:PageArea>'
        f"<ofd:PhysicalBox>0 0 {PAGE[0] * _MM:.3f} {PAGE[1] * _MM:.3f}</ofd:PhysicalBox>"
        "</ofd:PageArea></ofd:CommonData><ofd:Pages>"
        + "".join(
            f'<ofd:Page ID="{i + 1}" BaseLoc="Pages/Page_{i}/Content.xml"/>'
            for i in range(len(pages))
        )
        + "</ofd:Pages></ofd:Document>",
    }
    for i, (texts, strokes) in enumerate(pages):
        drawn = [_ofd_path(*stroke) for stroke in strokes]
        drawn += [_ofd_text(*text) for text in texts]
        members[f"Doc_0/Pages/Page_{i}/Content.xml"] = (
            f'<ofd:Page xmlns:ofd="{_OFD}"><ofd:Content><ofd:Layer ID="9">'
            f"{''.join(drawn)}</ofd:Layer></ofd:Content></ofd:Page>"
        )
    return zipped(members)


def _ofd_path(x0: float, y0: float, x1: float, y1: float) -> str:
    box = f"{x0 * _MM:.3f} {y0 * _MM:.3f} {(x1 - x0) * _MM:.3f} {(y1 - y0) * _MM:.3f}"
    return (
        f'<ofd:PathObject Boundary="{box}"><ofd:AbbreviatedData>M 0 0 L '
        f"{(x1 - x0) * _MM:.3f} {(y1 - y0) * _MM:.3f}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def _ofd_text(x: float, y: float, text: str) -> str:
    size = SIZE * _MM
    steps = [size if ord(char) > 0x2000 else size / 2 for char in text[:-1]]
    same = len(set(steps)) == 1 and len(steps) > 2
    delta = f"g {len(steps)} {steps[0]:.4f}" if same else " ".join(f"{s:.4f}" for s in steps)
    return (
        f'<ofd:TextObject Font="1" Size="{size:.4f}"'
        f' Boundary="{x * _MM:.3f} {(y - SIZE) * _MM:.3f} 100 {size:.3f}">'
        f'<ofd:TextCode X="0" Y="{size:.4f}" DeltaX="{delta}">{escape(text)}</ofd:TextCode>'
        "</ofd:TextObject>"
    )


def picture(width: int, height: int) -> bytes:
    """Return a blank PNG."""
    file = io.BytesIO()
    Image.new("L", (width, height), 255).save(file, "PNG")
    return file.getvalue()


def drawn(rows: Sequence[Row], font: str, columns: Sequence[int], head: str = "") -> bytes:
    """Return a PNG of a ruled table under a line of text; ``columns`` are widths in pixels."""
    edges = [40]
    for column in columns:
        edges.append(edges[-1] + column)
    height, top = 44, 100
    image = Image.new("L", (edges[-1] + 40, top + height * len(rows) + 60), 255)
    pen = ImageDraw.Draw(image)
    type_ = ImageFont.truetype(font, 22)
    pen.text((60, 40), head, 0, type_)
    taken: set[tuple[int, int]] = set()
    for y, row in enumerate(rows):
        x = 0
        for text, across, down in row:
            while (y, x) in taken:
                x += 1
            taken |= {(b, a) for b in range(y, y + down) for a in range(x, x + across)}
            box = (edges[x], top + y * height, edges[x + across], top + (y + down) * height)
            pen.rectangle(box, outline=0, width=2)
            pen.text((box[0] + 8, box[1] + 9), text, 20, type_)
            x += across
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
