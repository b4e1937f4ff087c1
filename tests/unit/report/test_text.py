"""Text of others, on its way out."""

from __future__ import annotations

import pytest

from heteroscope.report.render import markdown, plain


def test_what_is_private_or_reverses_a_line_is_taken_out() -> None:
    assert plain("a\u202eb\x00c\u2066d\n e") == "abcd e"
    assert plain("from /home/ada/runs/log.out on ip-10-0-0-1.ec2.internal") == (
        "from log.out on [host]"
    )
    assert plain("مرحبا 👩‍🚀") == "مرحبا 👩‍🚀"


@pytest.mark.parametrize(
    "text", ["a|b", "<script>", "**bold**", "[x](http://y)", "`code`", "a_b_c", "$x$", "@someone"]
)
def test_markdown_shows_any_text_as_it_is(text: str) -> None:
    shown = markdown(text)
    for sign in "|<*[`_$@":
        assert sign not in shown.replace(f"\\{sign}", "")
