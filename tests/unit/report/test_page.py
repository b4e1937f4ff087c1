"""How the report is written: safe, the same everywhere, and each fact in one spelling."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from heteroscope import words
from heteroscope.report import console, render
from heteroscope.report.document import Document, Figure

from .support import claim, finding, guard, log, make, spread

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> \"'&amp; $x_1$ 50 % {{ 7*7 }} "
    "{% raw %} </style> --> | `a` **b** [c](http://d) מה \u202eשלום 🚀 /home/ada/x " + "w" * 120
)


class Elements(HTMLParser):
    """Collects the elements of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def full(picture: Path, word: str = "a word") -> Document:
    """A report with everything that words of others reach."""
    picture.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    tables = {
        "claims": [claim("supported", statement=word, caveats=word.replace(";", ","), reason=word)],
        "guards": [guard("image", "warn", f"{word}: differs")],
        "exclusions": [{"run": "new", "size": 8, "rule": "exclude", "reason": word}],
        "parse": [log("old"), log("new", "failed", word)],
    }
    figure = Figure("effects", "walltime", str(picture), "../img/a.png", word, word, word)
    labels = {"old": word, "new": "the new way"}
    return make(tables, (figure,), title=word, labels=labels, context=word)


def test_hostile_words_are_shown_and_change_nothing(tmp_path: Path) -> None:
    document = full(tmp_path / "a.svg", HOSTILE)
    page, friendly = (Elements(render.page(each)) for each in (document, full(tmp_path / "a.svg")))
    assert [tag for tag, _ in page.found] == [tag for tag, _ in friendly.found]
    assert "script" not in [tag for tag, _ in page.found]
    assert not [name for _, attributes in page.found for name in attributes if name[:2] == "on"]
    assert "<script>alert(1)</script>" in page.text
    assert "{{ 7*7 }}" in page.text
    for text in (page.text, render.text(document), "\n".join(console.lines(document))):
        assert "\u202e" not in text
        assert "/home/ada" not in text
    markdown = render.text(document)
    assert "<script" not in markdown
    assert "<img" not in markdown
    assert not re.search(r"(?<!\\)\]\(http", markdown)


def test_the_page_fetches_nothing_and_may_not(tmp_path: Path) -> None:
    page = render.page(full(tmp_path / "a.svg"))
    elements = Elements(page)
    policy = next(a["content"] for _, a in elements.found if a.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert "script-src" not in policy
    assert "unsafe" not in policy
    for _, attributes in elements.found:
        assert "style" not in attributes
        for name in ("src", "href", "action", "data", "srcset"):
            address = attributes.get(name) or ""
            assert not re.match(r"[a-z]+:|//", address.removeprefix("data:image/")), address
    assert "@import" not in page
    assert "url(" not in page


def test_the_same_tables_give_the_same_bytes() -> None:
    assert render.page(make()) == render.page(make())
    assert render.text(make()) == render.text(make())


def test_markdown_has_tables_of_even_rows_and_links_to_figures(tmp_path: Path) -> None:
    text = render.text(full(tmp_path / "a.svg"))
    assert "![a word](../img/a.png)" in text
    assert "[findings](findings.csv)" in text
    width = 0
    for line in text.splitlines():
        if not line.startswith("|"):
            width = 0
            continue
        cells = len(re.findall(r"(?<!\\)\|", line))
        assert width in (0, cells), line
        width = cells


def test_no_fact_is_spelled_in_two_ways() -> None:
    """Every p, ratio and interval in any form of the report is what `words` makes of a table's."""
    findings = [
        finding("less", 0.9561, p_holm=3.14e-10, control=0.0263),
        finding("undecided", 1.0123, 16, p_holm=0.0312, reason="control", control=0.0321),
        finding("greater", 3.21, 8, run="other", ratio_low=2.81, ratio_high=3.76, p_holm=0.8421),
        spread("less", 0.192, ratio_low=0.094, ratio_high=0.36, p_holm=0.00049),
        spread("undecided", 0.83, 16, ratio_low=0.23, ratio_high=3.84, p_holm=1.0),
    ]
    claims = [
        claim("supported", **{key: findings[0][key] for key in KEYS}),
        claim("inconclusive", "steady", test="spread", **{key: findings[4][key] for key in KEYS}),
    ]
    pairs = [("new", "old"), ("other", "old")]
    document = make({"findings": findings, "claims": claims}, pairs=pairs)
    rows = [*findings, *claims]
    changes = [words.change(row["ratio"], row["ratio_low"], row["ratio_high"]) for row in rows]
    page = Elements(re.sub("<style>.*?</style>", "", render.page(document), flags=re.S)).text
    text = "\n".join(console.lines(document))
    markdown = render.text(document).replace("**", "").replace("\\", "").replace("&lt;", "<")
    for name, shown in (("page", page), ("markdown", markdown), ("text", text)):
        flat = " ".join(shown.split())
        for told in re.findall(r"\bp [=<] [\d.]+(?: × 10\S+)?\b", flat):
            assert told in {words.p_equals(row["p_holm"]) for row in rows}, (name, told)
        for told in re.findall(r"[−+][\d.]+ % \([^)]*\)|× [\d.]+ \([^)]*\)", flat):
            assert told in changes, (name, told)
        # Other spellings of numbers, and the words of claims beside those of findings.
        assert not re.search(r"\d[eE][-+]\d|(?<![\w-])-\d|\[\d[^\]]*,|p=|p-value", flat), name
        assert name == "text" or all(change in flat for change in changes), name
    verdicts = {"supported", "inconclusive", "faster", "slower", "undecided", "steadier"}
    for synonym in ("higher (", "significant", "alike", "similar", "no evidence", "disproved"):
        assert synonym not in page
    assert all(word in page for word in verdicts)


KEYS = ("ratio", "ratio_low", "ratio_high", "p_holm")
