"""Chinese first, English on request: every text of the pages has its English."""

import ast
import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest
import yaml
from datasette.app import Datasette
from small_archive import make_home

from archive.config import config_path
from gkcrawl.web import labels, language
from gkcrawl.web.language import english
from gkcrawl.web.serve import build_datasette

WEB = Path(language.__file__).parent
CHINESE = re.compile(r"[\u4e00-\u9fff]")
CALL = re.compile(r"""\b_\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    site = build_datasette(make_home(tmp_path_factory.mktemp("home")))
    yield site
    site.databases["catalog"].close()


def said_in_templates() -> Iterator[tuple[str, str]]:
    for file in WEB.rglob("templates/*.html"):
        for match in CALL.finditer(file.read_text("utf-8")):
            yield file.name, match[1] or match[2]


def said_in_modules() -> Iterator[tuple[str, str]]:
    for file in WEB.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in ("say", "_", "not_found"):
                    yield file.name, str(node.args[0].value)
                elif name == "not_found":
                    yield file.name, str(node.args[-1])


def all_labels() -> Iterator[tuple[str, str]]:
    tables = [labels.SECTIONS, labels.TABLE_STATUS, labels.TRUST_NOTES, labels.LOOKUPS]
    for table in [*tables, *labels.WORDS.values()]:
        yield from (("labels.py", word) for word in table.values())


def said_of_tables() -> Iterator[tuple[str, str]]:
    """Yield titles, descriptions and columns of the stock tables."""
    told = yaml.safe_load(config_path("datasette.yml").read_text("utf-8"))
    catalog = told["databases"]["catalog"]
    for about in (told, catalog, *catalog["tables"].values(), *catalog["queries"].values()):
        texts = (about.get("title"), about.get("description"), *about.get("columns", {}).values())
        yield from (("datasette.yml", text) for text in texts if text)


@pytest.mark.parametrize("source", [said_in_templates, said_in_modules, all_labels, said_of_tables])
def test_every_text_has_its_english(source: object) -> None:
    assert callable(source)
    lacking = {(where, text) for where, text in source() if CHINESE.search(text)}
    assert sorted(pair for pair in lacking if pair[1] not in english()) == []


def test_the_english_fills_in_the_same_names_and_has_no_chinese_left() -> None:
    names = re.compile(r"\{(\w+)")
    for chinese, text in english().items():
        assert isinstance(text, str), chinese
        assert set(names.findall(chinese)) == set(names.findall(text)), chinese


def test_a_text_has_one_english_wherever_it_stands() -> None:
    seen: dict[str, tuple[str, str]] = {}
    for file in sorted(WEB.glob("words/*.yml")):
        for chinese, text in (yaml.safe_load(file.read_text("utf-8")) or {}).items():
            before = seen.setdefault(chinese, (file.name, text))
            assert before[1] == text, f"{chinese}: {before} and {file.name}: {text}"


def test_the_language_is_asked_for_kept_and_given_back(site: Datasette) -> None:
    def get(path: str, **cookies: str) -> tuple[str, str]:
        answer = asyncio.run(site.client.get(path, cookies=cookies))
        tree = lxml.html.document_fromstring(answer.content.decode())
        return tree.get("lang"), answer.headers.get("set-cookie", "")

    assert get("/search") == ("zh-CN", "")
    lang, cookie = get("/search?lang=en")
    assert lang == "en"
    assert cookie.startswith("gk_lang=en; Path=/;")
    assert get("/search", gk_lang="en") == ("en", "")
    assert get("/search?lang=zh", gk_lang="en")[0] == "zh-CN"
    assert get("/search", gk_lang="klingon") == ("zh-CN", "")


def test_the_switch_keeps_what_was_asked(site: Datasette) -> None:
    answer = asyncio.run(site.client.get("/search?q=%E8%AF%89%E8%AE%BC&year=2024"))
    tree = lxml.html.document_fromstring(answer.content.decode())
    (switch,) = tree.xpath('//a[@class="language"]/@href')
    assert switch == "?q=%E8%AF%89%E8%AE%BC&year=2024&lang=en"


@pytest.mark.parametrize(
    "path",
    ["/", "/coverage?province=530000&year=2024", "/division", "/division/530111", "/checks",
     "/agency/530111008-75083bf5", "/checks/handled.natural_person", "/changes", "/stats", "/data",
     "/search", "/catalog/reports", "/catalog/captures",
     "/r/530111008-75083bf5-2023/diff/1..2"],
)  # fmt: skip
def test_english_pages_have_the_marks_of_english(site: Datasette, path: str) -> None:
    answer = asyncio.run(site.client.get(path, cookies={"gk_lang": "en"}))
    assert answer.status_code == 200
    tree = lxml.html.document_fromstring(answer.content.decode())
    said = tree.xpath("//text()[ancestor-or-self::*[@lang][1]/@lang = 'en'][not(parent::script)]")
    # A Chinese name that is data may stand there with marks of its own.
    assert [text for text in said if re.search(r"(?<![\u4e00-\u9fff])[：（）]", text)] == []
