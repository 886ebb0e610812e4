"""Word documents: what Word shows is read, and nothing else."""

import shutil
from pathlib import Path

import media_examples as examples
import pytest
from needed import missing

from archive.report.media import Unreadable, to_html
from archive.report.media.numbering import han
from archive.report.media.office import office_to_html

PAGES = Path(__file__).parent / "pages" / "media"
P = examples.docx_p


def blocks(content: bytes, kind: str = "docx") -> list[str]:
    html = to_html(content, kind)
    assert isinstance(html, str), html
    inside = html.partition("<body>\n")[2].partition("\n</body>")[0]
    return inside.replace("<table>\n", "").replace("\n</table>", "").splitlines()


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def test_deleted_hidden_and_moved_text_is_left_out() -> None:
    body = (
        "<w:p>" + run("收到") + f"<w:del>{run('12').replace('w:t>', 'w:delText>')}</w:del>"
        f"<w:ins>{run('13')}</w:ins><w:moveFrom>{run('旧')}</w:moveFrom>"
        + run("（草稿）", "<w:vanish/>")
        + run("件", '<w:vanish w:val="0"/>')
        + "</w:p>"
    )

    assert blocks(examples.docx(body)) == ["<p>收到13件</p>"]


def test_a_field_shows_its_result() -> None:
    field = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    body = (
        f"<w:p>{field.format('begin')}<w:r><w:instrText>HYPERLINK x</w:instrText></w:r>"
        f"{field.format('separate')}{run('网站')}{field.format('end')}</w:p>"
    )

    assert blocks(examples.docx(body)) == ["<p>网站</p>"]


NUMBERING = (
    '<w:abstractNum w:abstractNumId="5">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>'
    '<w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
    '<w:lvlText w:val="（%2）"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="bullet"/>'
    '<w:lvlText w:val="•"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="5"/><w:lvlOverride w:ilvl="0">'
    '<w:startOverride w:val="3"/></w:lvlOverride></w:num>'
)


def numbered(level: int, use: int = 1) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{use}"/></w:numPr>'


def test_numbers_that_word_counts_are_written() -> None:
    styles = (
        '<w:style w:styleId="base"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="own"><w:basedOn w:val="base"/></w:style>'
    )
    body = (
        P("总体情况", '<w:pStyle w:val="own"/>')
        + P("主动公开", numbered(1))
        + P("依申请公开", numbered(1))
        + P("点", numbered(2))
        + P("")
        + P("主动公开情况", numbered(0))
        + P("又一", numbered(1))
        + P("另起", numbered(0, use=2))
        + P("无号", numbered(0, use=9))
    )

    assert blocks(examples.docx(body, numbering=NUMBERING, styles=styles)) == [
        "<p>一、总体情况</p>",
        "<p>（一）主动公开</p>",
        "<p>（二）依申请公开</p>",
        "<p>点</p>",
        "<p>二、主动公开情况</p>",
        "<p>（一）又一</p>",
        "<p>三、另起</p>",
        "<p>无号</p>",
    ]


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (100, "100")],
)
def test_numbers_in_chinese(number: int, text: str) -> None:
    assert han(number) == text


def test_a_text_box_stands_once_after_its_paragraph() -> None:
    box = f"<w:txbxContent>{P('标题框')}</w:txbxContent>"
    body = (
        '<w:p xmlns:mc="m"><w:r><w:t>前</w:t></w:r><w:r><mc:AlternateContent>'
        f"<mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )

    assert blocks(examples.docx(body)) == ["<p>前</p>", "<p>标题框</p>"]


def test_footnotes_stand_after_the_text() -> None:
    notes = (
        '<w:footnote w:type="separator"><w:p><w:r><w:t>——</w:t></w:r></w:p></w:footnote>'
        f'<w:footnote w:id="2">{P("脚注")}</w:footnote>'
    )

    assert blocks(examples.docx(P("正文"), footnotes=notes)) == ["<p>正文</p>", "<p>脚注</p>"]


def test_cells_in_controls_and_before_the_first_column_keep_their_place() -> None:
    cell = "<w:tc>{}</w:tc>"
    body = (
        "<w:tbl><w:tr>" + "".join(cell.format(P(t)) for t in "甲乙丙") + "</w:tr>"
        '<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>'
        f"<w:sdt><w:sdtContent>{cell.format(P('5'))}</w:sdtContent></w:sdt>"
        f"{cell.format(P('6'))}</w:tr></w:tbl>"
    )

    assert blocks(examples.docx(body)) == [
        "<tr><td><p>甲</p></td><td><p>乙</p></td><td><p>丙</p></td></tr>",
        "<tr><td></td><td><p>5</p></td><td><p>6</p></td></tr>",
    ]


def test_a_table_in_a_table_stays_inside() -> None:
    inner = examples.docx_table([[("内", 1, 1)]])
    body = f"<w:tbl><w:tr><w:tc>{P('外')}{inner}{P('')}</w:tc></w:tr></w:tbl>"

    html = to_html(examples.docx(body), "docx")

    assert isinstance(html, str)
    assert "<td><p>外</p><table>\n<tr><td><p>内</p></td></tr>\n</table></td>" in html


def test_the_strict_edition_is_read() -> None:
    content = examples.zipped(
        {
            "word/document.xml": '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml'
            '/main"><w:body><w:p><w:r><w:t>正文</w:t></w:r></w:p></w:body></w:document>'
        }
    )

    assert blocks(content) == ["<p>正文</p>"]


def test_a_document_of_pictures_alone_is_a_scan() -> None:
    content = examples.zipped(
        {
            "word/document.xml": f'<w:document xmlns:w="{examples._W}"><w:body/></w:document>',
            "word/_rels/document.xml.rels": examples.relations(("image", "media/1.png")),
        }
    )

    result = to_html(content, "docx")

    assert isinstance(result, Unreadable)
    assert result.reason == "scan"


@pytest.mark.parametrize("name", ["notes.doc", "notes.rtf"])
def test_older_word_files_show_the_same(name: str) -> None:
    kind = name.rpartition(".")[2]
    lines = [
        line.replace("\t", "").replace(" ", "")
        for line in blocks((PAGES / name).read_bytes(), kind)
    ]

    assert lines[:5] == [
        "<p>一、总体情况</p>",
        "<p>（一）主动公开</p>",
        "<p>（二）依申请公开</p>",
        "<p>二、主动公开政府信息情况</p>",
        "<p>收到申请13件。</p>",
    ]
    assert "𠜎字" in lines[5]
    text = "".join(lines)
    assert [
        text.index(word) for word in ("外一", "前", "内一", "内二", "后", "外二", "末", "完")
    ] == sorted(
        text.index(word) for word in ("外一", "前", "内一", "内二", "后", "外二", "末", "完")
    )


def test_the_notes_of_a_doc_stand_after_the_text() -> None:
    assert blocks((PAGES / "notes.doc").read_bytes(), "doc")[-2:] == [
        "<p>完</p>",
        "<p>脚注文字</p>",
    ]


def test_libreoffice_opens_what_nothing_else_does_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("soffice") is None:
        missing("LibreOffice")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)

    html = office_to_html(examples.report_rtf())

    assert examples.TITLE in html
    assert list(tmp_path.iterdir()) == []
