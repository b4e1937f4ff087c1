"""The report: in a real browser, with the network off; and what a call of the workflow prints."""

from __future__ import annotations

import html
import importlib.util
import os
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from browser import Page, browse, find_chromium
from calls import Outcome, Workplace, call_snakemake

from heteroscope import words

Campaign = Callable[[Workplace], dict[str, Any]]
CHROMIUM = find_chromium()
needs_chromium = pytest.mark.skipif(
    not CHROMIUM, reason="no Chromium is installed (or name it in HETEROSCOPE_CHROMIUM)"
)
HOSTILE = (
    "<script>document.title='owned'</script><img src=x onerror=alert(1)> \"'& $x_1$ 50 % {{ 7*7 }} "
    "</style></svg>]]> | `a` **b** שלום \u202eمرحبا 🚀 " + "w" * 120
)


def axe() -> str:
    """Return axe-core's script: what HETEROSCOPE_AXE names, else that of the package."""
    named = os.environ.get("HETEROSCOPE_AXE")
    if named:
        return Path(named).read_text(encoding="utf-8")
    found = importlib.util.find_spec("axe_core_python")
    if found is None or found.origin is None:
        pytest.skip("axe-core-python is not installed")
    return Path(found.origin).with_name("axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    assert CHROMIUM
    with browse(CHROMIUM) as opened:
        yield opened


@pytest.fixture
def report(page: Page, default_campaign: tuple[Path, Outcome]) -> Page:
    """The report of the default campaign, opened from the disk."""
    folder, outcome = default_campaign
    assert outcome.status == 0, outcome.output
    page.errors.clear()
    page.requests.clear()
    page.size(1440, 900)
    page.prefer("light")
    page.open(folder / "results/report.html")
    return page


@needs_chromium
def test_the_report_opens_without_a_network_and_without_complaint(report: Page) -> None:
    assert report.run("document.querySelector('h1').textContent").startswith("LAMMPS")
    assert report.run("document.scripts.length") == 0
    loaded = report.run(
        "Promise.all([...document.images].map(i => i.decode().then(() => i.naturalWidth > 0)))"
    )
    assert len(loaded) == 4
    assert all(loaded)
    assert report.errors == []
    fetched = [url for url in report.requests if not url.startswith("data:image/")]
    assert len(fetched) == 1
    assert fetched[0].startswith("file://")


@needs_chromium
def test_the_first_screen_answers_all_questions_without_scrolling(report: Page) -> None:
    def bottom(selector: str) -> float:
        return float(
            report.run(
                f"[...document.querySelectorAll('{selector}')].at(-1).getBoundingClientRect().bottom"
            )
        )

    assert report.run("document.querySelector('.headline').textContent").startswith(
        "With one image for both, Flux Operator is 5–12 % faster than MPI Operator at every size"
    )
    for selector in (".headline", ".belief", "#faster tbody tr", "#steadier tbody tr.main"):
        assert 0 < bottom(selector) <= 900, selector


@needs_chromium
def test_on_a_telephone_every_finding_is_seen_without_scrolling_sideways(report: Page) -> None:
    report.size(360, 800)
    beyond = report.run(
        "[...document.querySelectorAll('#faster td .effect, #steadier td .effect, .claims .badge')]"
        ".filter(each => { const box = each.getBoundingClientRect();"
        " return box.width === 0 || box.left < 0 || box.right > 360; }).length"
    )
    assert beyond == 0
    assert report.run("document.querySelectorAll('#faster td .effect').length") == 14


@needs_chromium
def test_every_figure_has_words_for_those_who_cannot_see_it(report: Page) -> None:
    alternatives = report.run("[...document.images].map(image => image.alt)")
    assert all(len(text) > 40 for text in alternatives)
    captions = report.run("[...document.querySelectorAll('figcaption')].map(c => c.textContent)")
    assert len(captions) == len(alternatives)


@needs_chromium
def test_everything_that_unfolds_is_reached_and_opened_by_keyboard(report: Page) -> None:
    report.press("Tab")
    assert report.run("document.activeElement.className") == "skip"
    report.run("document.querySelector('main > details summary').focus()")
    opened = "document.querySelector('main > details').open"
    assert not report.run(opened)
    report.press("Enter")
    assert report.run(opened)
    assert report.run(
        "document.querySelector('main > details table').getBoundingClientRect().height"
    )
    report.press("Tab")
    assert report.run("document.activeElement.closest('main > details') !== null")


@needs_chromium
def test_dark_mode_follows_the_system_and_no_figure_glares(report: Page) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    turned = "getComputedStyle(document.images[0]).filter"
    light = report.run(ground)
    assert report.run(turned) == "none"
    report.prefer("dark")
    assert report.run(ground) != light
    assert report.run(turned).startswith("invert(")


@needs_chromium
def test_it_is_printed_on_at_most_six_pages(report: Page, tmp_path: Path) -> None:
    report.pdf(tmp_path / "report.pdf")
    pages = re.findall(rb"/Type\s*/Page\b", (tmp_path / "report.pdf").read_bytes())
    assert 3 <= len(pages) <= 6


@needs_chromium
def test_it_is_about_six_screens_long(report: Page) -> None:
    assert report.run("document.documentElement.scrollHeight") <= 6.5 * 900


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_nothing_violates_wcag_aa(report: Page, scheme: str, width: int) -> None:
    script = axe()
    report.size(width, 900)
    report.prefer(scheme)
    report.run("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    report.run(f"{script};0")
    levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = report.run(
        f"axe.run(document, {{runOnly: {levels}, resultTypes: ['violations']}})"
        ".then(result => result.violations.map(v => v.id + ': ' + v.nodes[0].html))"
    )
    assert found == []


@needs_chromium
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_the_page_itself_never_scrolls_sideways(report: Page, width: int) -> None:
    report.size(width, 900)
    report.run("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    assert report.run("document.documentElement.scrollWidth") <= width


def test_the_report_is_one_file_of_a_bearable_size(default_campaign: tuple[Path, Outcome]) -> None:
    page = default_campaign[0] / "results/report.html"
    assert page.stat().st_size <= 1_500_000
    text = page.read_text(encoding="utf-8")
    for address in re.findall(r'(?:src|href|srcset)="([^"]*)"', text):
        assert address.startswith(("data:image/", "#")) or not re.match(r"\w+:|/", address), address
    for link in re.findall(r'href="([^#"][^"]*)"', text):
        assert (page.parent / link).exists(), link


def test_the_report_tells_nothing_of_the_machine(default_campaign: tuple[Path, Outcome]) -> None:
    folder, _ = default_campaign
    for name in ("report.html", "report.md", "report.txt"):
        text = (folder / "results" / name).read_text(encoding="utf-8")
        words = re.sub(r"data:image/[^\"]*", "", text)
        assert str(folder) not in words
        assert str(Path.home()) not in words
        assert not re.search(rf"\b{re.escape(socket.gethostname())}\b(?![-/.])", words), name
        assert not re.search(r"(?<![\w.])/(?:home|root|tmp|usr|work|opt)/", words)


def test_no_fact_of_the_campaign_is_spelled_in_two_ways(
    default_campaign: tuple[Path, Outcome],
) -> None:
    """Every change and p of matrix, claims, captions and alt texts is what `words` makes of one."""
    results = default_campaign[0] / "results"
    changes, ps = set(), set()
    for name in ("findings", "claims"):
        for row in pd.read_csv(results / f"{name}.csv").to_dict("records"):
            changes.add(words.change(row["ratio"], row["ratio_low"], row["ratio_high"]))
            ps.add(words.p_equals(row["p_holm"]) if not words.missing(row["p_holm"]) else "")
    guards = pd.read_csv(results / "guards.csv")
    ps |= {p for told in guards["sentence"] for p in re.findall(r"p [=<] [\d.]+", told)}
    page = (results / "report.html").read_text(encoding="utf-8")
    # Alternative texts are kept.
    tags = r"<style>.*?</style>|data:image/[^\"]*|<[^>]*?alt=\"|<[^>]*>"
    shown = re.sub(tags, " ", page, flags=re.S)
    text = " ".join(html.unescape(shown).split())
    told = re.findall(r"[−+][\d.]+ % \([^)]*\)|× [\d.]+ \([^)]*\)", text)
    assert len(told) > 150
    assert {*told} <= changes
    assert {*re.findall(r"\bp [=<] [\d.]*\d", text)} <= ps
    assert not re.search(r"\d[eE][-+]\d|\[\d[^\]]*,|\bp=|p-value", text)
    # As text for a terminal, the same stands in columns.
    columns = (results / "report.txt").read_text(encoding="utf-8")
    change = r"([−+][\d.]+ %|× [\d.]+)(?: \[\d+\])? +(\S+ to \S+) +(< 0\.001|[\d.]+)"
    found = re.findall(change, columns)
    assert len(found) > 20
    assert {f"{effect} ({limits})" for effect, limits, _ in found} <= changes
    assert {words.p_equals(float(p)) if p[0] != "<" else f"p {p}" for _, _, p in found} <= ps
    main = html.unescape(re.findall(r'<p class="headline"><bdi>(.*?)</bdi>', page)[0])
    assert columns.startswith(f"{main}\n")


def test_links_of_the_markdown_lead_somewhere(default_campaign: tuple[Path, Outcome]) -> None:
    text = default_campaign[0] / "results/report.md"
    links = re.findall(r"\]\(([^)]+)\)", text.read_text(encoding="utf-8"))
    assert len(links) > 10
    for link in links:
        assert (text.parent / link).exists(), link


def test_a_call_ends_with_the_matrix_of_the_report(
    default_campaign: tuple[Path, Outcome],
) -> None:
    lines = default_campaign[1].output.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("With one image for both"))
    assert any(re.match(r" +64  30.2 → 26.6 s +▼ −12.1 %", line) for line in lines[start:])


@pytest.fixture
def small(workplace: Workplace, small_campaign: Campaign) -> Workplace:
    small_campaign(workplace)
    return workplace


def test_an_error_is_told_in_full(small: Workplace) -> None:
    small.path("results").mkdir()
    small.path("results/trials").write_text("a file where a folder has to be")
    outcome = small.snakemake()
    assert outcome.status != 0
    assert "results/trials" in outcome.output


def test_a_report_is_a_target_and_its_links_lead_somewhere(small: Workplace) -> None:
    assert small.snakemake("report").status == 0
    page = small.path("results/report.html")
    links = re.findall(r'href="([^#"][^"]*)"', page.read_text(encoding="utf-8"))
    assert "../img/walltime_lammps.png" in links
    for link in links:
        assert (page.parent / link).exists(), link


def test_the_report_has_the_same_bytes_wherever_it_is_made(
    small: Workplace, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert small.snakemake("report").status == 0
    other = tmp_path_factory.mktemp("elsewhere")
    for name in ("logs", "campaign.yaml"):
        (other / name).symlink_to(small.path(name))
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("PYTHONHASHSEED", "4711")
    assert call_snakemake("report", "--configfile", "campaign.yaml", cwd=other).status == 0
    for name in ("report.html", "report.md", "report.txt"):
        made, twin = other / "results" / name, small.path(f"results/{name}")
        assert made.read_bytes() == twin.read_bytes(), name


@needs_chromium
def test_a_hostile_configuration_breaks_nothing_and_injects_nothing(
    workplace: Workplace, small_campaign: Campaign, page: Page, tmp_path: Path
) -> None:
    config = small_campaign(workplace)
    config["title"] = HOSTILE
    for run in config["runs"].values():
        run["label"] = HOSTILE
    config["figures"]["walltime"]["title"] = HOSTILE
    config["exclude"] = [{"run": "run4", "size": 8, "repetition": 1, "reason": HOSTILE}]
    config["claims"] = [
        {"id": "claim", "statement": HOSTILE, "test": "location", "metric": "walltime",
         "runs": ["run6", "run4"], "expect": "less"}
    ]  # fmt: skip
    workplace.write_config(config)
    outcome = workplace.snakemake()
    assert outcome.status == 0, outcome.output
    page.errors.clear()
    page.size(360, 900)
    page.open(workplace.path("results/report.html"))
    assert page.run("document.title").startswith("<script>")
    assert page.run("document.scripts.length") == 0
    assert page.run("document.querySelectorAll('img:not(figure img), svg, iframe').length") == 0
    assert page.run("document.documentElement.scrollWidth") <= 360
    loaded = page.run("Promise.all([...document.images].map(image => image.decode()))")
    assert loaded
    assert page.errors == []
