"""A run keeps its look, and no two runs share one."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heteroscope.figures.theme import PALETTE, SIZES, styles
from heteroscope.metrics import UserError

NAMES = st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=16, unique=True)


def lightness(colour):
    """Return CIE L* of an sRGB colour (IEC 61966-2-1, CIE 15)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    y = sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


@given(NAMES)
def test_adding_a_run_at_the_end_changes_no_other(names):
    everything = styles(names)
    for n in range(1, len(names)):
        assert styles(names[:n]) == {name: everything[name] for name in names[:n]}


@given(NAMES)
def test_up_to_sixteen_runs_all_look_different(names):
    looks = list(styles(names).values())
    assert len({(look.face, look.marker) for look in looks}) == len(names)
    assert len({look.marker for look in looks[:8]}) == min(len(names), 8)


@given(NAMES)
def test_eight_runs_have_eight_colours(names):
    first = list(styles(names).values())[:8]
    assert len({look.colour for look in first}) == len(first)


def test_twelve_runs_are_told_apart_without_colour():
    looks = list(styles([f"run{i}" for i in range(12)]).values())
    for one, other in combinations(looks, 2):
        apart = abs(lightness(one.face) - lightness(other.face))
        assert one.marker != other.marker or apart > 10, (one, other)


@pytest.mark.parametrize("n", [1, 7, 12, 16])
def test_lines_and_outlines_are_seen_on_white(n):
    for look in styles([f"run{i}" for i in range(n)]).values():
        assert lightness(look.edge) < 70


def test_the_colour_is_bound_to_the_name_and_not_to_the_place():
    alone = {name: styles([name])[name].colour for name in ("run2", "run4", "run5", "run6")}
    assert len(set(alone.values())) > 1
    for name, colour in alone.items():
        assert styles([name, "another"])[name].colour == colour


def test_the_colour_does_not_depend_on_the_hash_seed():
    code = "from heteroscope.figures import styles; print(styles(['run2', 'run5', 'é']))"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_no_run_is_yellow_or_black_while_another_colour_is_free():
    looks = styles([f"machine-{i}" for i in range(6)])
    assert not {look.colour for look in looks.values()} & {"yellow", "black"}


def test_a_pinned_colour_wins():
    names = ["run2", "run4", "run5"]
    free = styles(names)["run2"].colour
    pinned = styles(names, {"run5": free})
    assert pinned["run5"].colour == free
    assert pinned["run2"].colour != free
    assert list(pinned) == names


def test_two_runs_pinned_to_one_colour_have_different_marks():
    looks = styles(["a", "b"], {"a": "blue", "b": "blue"})
    assert looks["a"].colour == looks["b"].colour == "blue"
    assert looks["a"].marker != looks["b"].marker
    assert looks["a"].face != looks["b"].face


def test_an_unknown_colour_is_answered_with_the_nearest():
    with pytest.raises(UserError, match=r"run5: .*'vermilion'.*did you mean 'vermillion'"):
        styles(["run5"], {"run5": "vermilion"})


def test_more_than_sixteen_runs_still_have_a_look():
    assert len(styles([f"run{i}" for i in range(40)])) == 40


@pytest.mark.parametrize(
    ("name", "rgb"),
    [
        ("orange", (230, 159, 0)),
        ("sky blue", (86, 180, 233)),
        ("bluish green", (0, 158, 115)),
        ("yellow", (240, 228, 66)),
        ("blue", (0, 114, 178)),
        ("vermillion", (213, 94, 0)),
        ("reddish purple", (204, 121, 167)),
        ("black", (0, 0, 0)),
    ],
)
def test_the_palette_is_that_of_okabe_and_ito(name, rgb):
    # https://jfly.uni-koeln.de/color/, figure 16
    assert bytes.fromhex(PALETTE[name][1:]) == bytes(rgb)


def test_every_size_names_readable_text():
    assert all(size.font >= 7 for size in SIZES.values())
