"""Every sample of every release: read right or refused with the right reason.

The figures are compared with what a search for the last block of the log finds, which knows
nothing of the readers' table of lines.
"""

import re
from pathlib import Path

import pytest

from heteroscope.logs import READERS
from heteroscope.metrics import Status

read = READERS["lammps"].read

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "fields.md"

# One build has no ReaxFF and one no OpenMP; yaml came in 2022; `reax/c` went in 2024; one was
# started by another MPI's launcher.
REFUSED = {
    ("*", "crash.n1"): "LAMMPS stopped: Lost atoms: original 4000 current 63 (thermo.cpp:",
    ("*", "part.n2"): "LAMMPS ran in partitions",
    ("*", "silent.n1.out"): "the log is empty: nothing was printed (`-screen none`?",
    ("extra", "mismatch-mpirun-n2"): "2 LAMMPS processes wrote this log",
    ("29Sep2021u2", "melt.omp2"): "LAMMPS stopped: Using suffix omp without OPENMP package",
    ("29Sep2021u2", "yaml.n1"): "LAMMPS stopped: Illegal thermo style command (thermo.cpp:143)",
    ("29Sep2021u2", "yaml2.n1"): "LAMMPS stopped: Illegal thermo_modify command (thermo.cpp:575)",
    ("debian-29Sep2021u2", "hns"): "LAMMPS stopped: Unrecognized pair style 'rea",
    ("2024.8.29", "hns.reaxc"): "LAMMPS stopped: This pair style is no longer available",
    ("2025.7.22", "hns.reaxc"): "LAMMPS stopped: This pair style is no longer available",
    ("2022.6.23.2.0", "part.n2.out"): "LAMMPS stopped: Processor partitions do not match number",
    ("2022.6.23.2.0", "hns.n2.out"): "2 LAMMPS processes wrote this log",
    ("2022.6.23.2.0", "melt.n2.out"): "2 LAMMPS processes wrote this log",
    ("2022.6.23.2.0", "rhodo.n2.out"): "2 LAMMPS processes wrote this log",
}


def refusal_of(release, case):
    """Return how the reason begins for which a log is refused, or nothing."""
    found = [
        (len(of) + len(start), reason)
        for (of, start), reason in REFUSED.items()
        if (of == "*" or of in release) and case.startswith(start)
    ]
    # What is said of one release goes before what is said of all.
    return max(found, default=(0, ""))[1] if ".log.lammps." not in case else ""


def search_last(pattern, text):
    return re.findall(pattern, text, re.MULTILINE)[-1]


def figures_by_search(text):
    """Return some figures of the last dynamics run, by searching backwards from its Performance."""
    start = text.rindex("\nPerformance:")
    before, after = text[:start], text[start:]
    loop, procs, steps, atoms = search_last(
        r"^Loop time of (\S+) on (\d+) procs for (\d+) steps with (\d+) atoms", before
    )
    rate = re.search(r"([\d.]+) timesteps/s(?:, ([\d.]+) ([kMG]?)atom-step/s)?", after)
    cpu, ranks, threads = re.search(
        r"([\d.]+)% CPU use with (\d+) MPI tasks x (\d+)", after
    ).groups()
    figures = {
        **{"loop_time": float(loop), "procs": int(procs), "steps": int(steps), "atoms": int(atoms)},
        **{"timesteps_per_s": float(rate[1]), "cpu_percent": float(cpu)},
        **{"ranks": int(ranks), "threads": int(threads)},
        "memory_avg": float(search_last(r"^Per MPI rank memory.*?\| (\S+) \|", before)),
        "nlocal_ave": float(re.search(r"Nlocal: +(\S+) ave", after)[1]),
        "lammps_version": re.search(r"LAMMPS \((.*)\)", text)[1],
    }
    hours, minutes, seconds = map(
        int, re.search(r"Total wall time: (\d+):(\d+):(\d+)", text).groups()
    )
    figures["walltime"] = 3600.0 * hours + 60.0 * minutes + seconds
    if rate[2]:
        scale = {"": 1e-6, "k": 1e-3, "M": 1.0, "G": 1e3}[rate[3]]
        figures["matom_steps_per_s"] = pytest.approx(float(rate[2]) * scale, rel=1e-12)
    for name, avg, percent in re.findall(
        r"^(\w+) +\|[^|]*\| (\S+) +\|[^|]*\|[^|]*\|(?:[^|\n]*\|)? *(\S+)$", after, re.MULTILINE
    ):
        figures[f"{name.lower()}_avg"] = float(avg)
        figures[f"{name.lower()}_percent"] = float(percent)
    return figures


def test_every_sample_is_read_right_or_refused_with_the_reason(all_samples):
    wrong = {}
    for release, case, file in all_samples:
        data = file.read_bytes()
        (reading,) = read(data, {})
        refusal = refusal_of(release, case)
        expected = {} if refusal else figures_by_search(data.decode())
        found = {name: reading.figures.get(name) for name in expected}
        in_order = (reading.status is Status.OK) == (not refusal)
        if not (in_order and reading.reason.startswith(refusal) and found == expected):
            wrong[f"{release}/{case}"] = reading.status, reading.reason, found, expected
    assert wrong == {}


def test_standard_output_and_log_file_of_one_job_agree(all_samples):
    logs = {(release, case): file for release, case, file in all_samples}
    compared = 0
    for (release, case), file in logs.items():
        partner = logs.get((release, case.replace(".log.lammps", ".out")))
        if not case.endswith(".log.lammps") or refusal_of(release, partner.name):
            continue
        assert read(file.read_bytes(), {}) == read(partner.read_bytes(), {}), file
        compared += 1
    assert compared > 90


# --- docs/fields.md ----------------------------------------------------------------------------

RELEASES = ("29 Sep 2021", "23 Jun 2022", "2 Aug 2023", "29 Aug 2024", "22 Jul 2025")
FIELDS = (
    ("`loop_time`, `procs`, `steps`, `atoms`", ("loop_time", "procs", "steps", "atoms")),
    ("`walltime`", ("walltime",)),
    ("`ns_per_day`, `hours_per_ns` (units real, metal, …)", ("ns_per_day", "hours_per_ns")),
    ("`tau_per_day` (units lj)", ("tau_per_day",)),
    ("`timesteps_per_s`", ("timesteps_per_s",)),
    ("`matom_steps_per_s`", ("matom_steps_per_s",)),
    ("`cpu_percent`, `ranks`, `threads`", ("cpu_percent", "ranks", "threads")),
    ("`memory_min`, `_avg`, `_max`", ("memory_min", "memory_avg", "memory_max")),
    ("`pair_*`, `neigh_*`, `comm_*`, `output_*`, `modify_*`", ("pair_avg", "modify_percent")),
    ("`bond_*`, `kspace_*` (where the system has them)", ("bond_avg", "kspace_avg")),
    ("`sync_*` (`timer sync`)", ("sync_avg",)),
    ("`pair_cpu_percent` … (`timer full`)", ("pair_cpu_percent",)),
    ("`other_avg`, `other_percent`", ("other_avg", "other_percent")),
    ("`nlocal_*`, `nghost_*`, `neighs_*`", ("nlocal_ave", "nghost_max", "neighs_min")),
    ("`grid_read`, `grid`", ("grid_read", "grid")),
    ("`atoms_read`, `read_data_cpu`", ("atoms_read", "read_data_cpu")),
    ("`replicate_cpu`", ("replicate_cpu",)),
    ("`thermo_rows`, `temp_last`, `press_last`", ("thermo_rows", "temp_last", "press_last")),
    ("`poteng_last` (where the table has PotEng)", ("poteng_last",)),
)


def render_document(all_samples):
    """Return docs/fields.md, as the samples say."""
    given = {release: set() for release in RELEASES}
    computed, headers, yaml = {}, {}, set()
    for *_, file in all_samples:
        data = file.read_bytes()
        for number in ("last", 5, 6):
            (reading,) = read(data, {"lammps_run": number})
            if reading.status is not Status.OK:
                continue
            release = reading.figures["lammps_version"].partition(" - ")[0]
            given[release] |= reading.figures.keys()
            computed[release] = b"atom-step/s" not in data
            if header := re.search(rb"(?m)^ *Step +Temp", data):
                headers[release] = "right" if header[0].startswith(b" ") else "left"
            if b"\nkeywords:" in data:
                yaml.add(release)
    rows = [
        (title, [_cell(names, given[r], computed[r]) for r in RELEASES]) for title, names in FIELDS
    ]
    rows += [
        ("thermo header", [headers[release] for release in RELEASES]),
        ("thermo as yaml", ["yes" if release in yaml else "–" for release in RELEASES]),
    ]
    lines = [
        "# Which figures each release of LAMMPS gives",
        "",
        "Made from logs of eleven builds, of standard output and `log.lammps` alike, by "
        "`tests/unit/logs/test_all_samples.py`, which also checks it. *Computed* means that the "
        "release does not print it: it is atoms × steps / loop time. The meaning of each figure "
        "stands in [tables.md](tables.md).",
        "",
        "| figure | " + " | ".join(RELEASES) + " |",
        "|---|" + "---|" * len(RELEASES),
        *(f"| {title} | {' | '.join(cells)} |" for title, cells in rows),
        "",
    ]
    return "\n".join(lines)


def _cell(names, given, computed):
    if not given.issuperset(names):
        return "–"
    return "computed" if names == ("matom_steps_per_s",) and computed else "yes"


def test_the_table_of_fields_is_as_the_samples_say(all_samples):
    """To make it anew, write what `render_document` returns to docs/fields.md."""
    assert DOCUMENT.read_text(encoding="utf-8") == render_document(all_samples)
