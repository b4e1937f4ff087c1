"""Logs as LAMMPS printed them from 2010 to 2025: what the years changed, and nothing else."""

VERSIONS = {
    **{2010: "20 Sep 2010", 2012: "12 Aug 2012", 2014: "1 Feb 2014", 2016: "17 Nov 2016"},
    **{2018: "22 Aug 2018", 2020: "29 Oct 2020", 2022: "23 Jun 2022 - Update 4"},
    **{2023: "2 Aug 2023 - Update 3", 2024: "29 Aug 2024 - Update 1"},
    2025: "22 Jul 2025 - Update 2",
}
ATOMS, RANKS = 32000, 4
NEIGHBOURS = """\
Neighbor list info ...
  update: every = 20 steps, delay = 0 steps, check = no
  max neighbors/atom: 2000, page size: 100000
  1 neighbor lists, perpetual/occasional/extra = 1 0 0
  (1) pair lj/cut, perpetual
      attributes: half, newton on
"""
PPPM = """\
PPPM initialization ...
  using 12-bit tables for long-range coulomb (../kspace.cpp:342)
  grid = 25 32 32
  3d grid and FFT values/proc = 13230 6400
"""
MINIMISED = """\
Minimization stats:
  Stopping criterion = energy tolerance
  Energy initial, next-to-last, final =
     -6.77336805325924  -6.8 -6.8
  Iterations, force evaluations = 10 20

"""


def head(year, *, read=False):
    """Return what stands before the first run."""
    text = f"LAMMPS ({VERSIONS[year]})\n"
    if year >= 2018:
        text += "  using 1 OpenMP thread(s) per MPI task\n"
    if not read:
        return f"{text}  1 by 2 by 2 MPI processor grid\nCreated {ATOMS} atoms\n"
    seconds = "seconds" if year >= 2020 else "secs"
    return (
        f"{text}Reading data file ...\n  1 by 2 by 2 MPI processor grid\n  reading atoms ...\n"
        f"  {ATOMS} atoms\n  4 = max bonds/atom\n  read_data CPU = 0.234 {seconds}\n"
    )


def thermo(year, style, rows):
    """Return a table of step, temperature and pressure."""
    if style == "yaml":
        cells = "".join(f"  - [{step}, {t}, -6.7, {p}, ]\n" for step, t, p in rows)
        return f"---\nkeywords: ['Step', 'Temp', 'PotEng', 'Press', ]\ndata:\n{cells}...\n"
    if style == "multi":
        rule, width, cpu = ("-" * 16, 8, "11.4f") if year < 2022 else ("-" * 12, 14, "12.7g")
        return "".join(
            f"{rule} Step {step:{width}d} ----- CPU = {step / 100:{cpu}} (sec) {rule}\n"
            f"TotEng   = {-2.2:14.4f} KinEng   = {1.5:14.4f} Temp     = {t:14.4f} \n"
            f"PotEng   = {-6.7:14.4f} E_bond   = {0:14.4f} Press    = {p:14.4f} \n"
            for step, t, p in rows
        )
    names = "Step Temp E_pair PotEng Press" if style == "one" else "Step Temp v_own PotEng Press"
    cells = "".join(
        f"{step:8d} {t:12.8g} {0.0015:12.8g} {-6.7:12.8g} {p:12.8g} \n" for step, t, p in rows
    )
    return f"{names} \n{cells}"


def performance(year, units, steps, loop):
    """Return what LAMMPS says of its speed; nothing before 2014."""
    if year < 2014 or not steps:
        return ""
    rate = steps / loop
    comma = "," if year >= 2015 else ""
    speed = {
        "lj": f"{rate * 432:.3f} tau/day{comma}",
        "electron": f"{rate * 17.28:.3f} fs/day{comma} {1.389 / rate:.3f} hours/fs{comma}",
    }.get(units, f"{rate * 0.0864:.3f} ns/day{comma} {277.8 / rate:.3f} hours/ns{comma}")
    more = f", {ATOMS * rate / 1e6:.3f} Matom-step/s" if year >= 2023 else ""
    return f"Performance: {speed} {rate:.3f} timesteps/s{more}\n"


def breakdown(year, timer):
    """Return where the time went: 0.1 s for Pair, 0.2 s for Bond, and so on."""
    if timer == "loop":
        return ""
    names = ("Pair", "Bond", "Neigh", "Comm", "Output", "Modify")
    if year < 2015:
        old = dict(zip(names, ("Pair ", "Bond ", "Neigh", "Comm ", "Outpt"), strict=False))
        parts = [f"{old[n]} time (%) = {i / 10:g} ({i}.5)\n" for i, n in enumerate(names, 1)
                 if n in old]  # fmt: skip
        return "".join(parts) + "Other time (%) = 0.0123 (0.8)\n"
    cpu, none = ("|  99.5 ", "|       ") if timer == "full" else ("", "")
    parts = [f"{n:8}| {i / 10:<10.5g} | {i / 10:<10.5g} | {i / 10:<10.5g} |   0.0 {cpu}|  {i}.50\n"
             for i, n in enumerate(names, 1)]  # fmt: skip
    return (
        f"MPI task timing breakdown:\n{'-' * 63}\n{''.join(parts)}"
        f"Other   |            | 0.0123     |            |       {none}|  0.80\n"
    )


def run(
    year, *, units="lj", style="one", timer="normal", loop=1.53, steps=100, start=0, last=1.64,
    threads=1, kind="run", set_up=True, post=True, kspace=False,
):  # fmt: skip
    """Return one run: set-up, table, loop, and what is told after it."""
    text = ""
    if set_up:
        text += PPPM if kspace else ""
        if year >= 2016:
            name = "Verlet run" if kind == "run" else "cg style minimization"
            text += f"{NEIGHBOURS}Setting up {name} ...\n  Unit style    : {units}\n"
        else:
            text += f"Setting up {'run' if kind == 'run' else 'minimization'} ...\n"
        text += (
            "Per MPI rank memory allocation (min/avg/max) = 8.21 | 8.22 | 8.23 Mbytes\n"
            if year >= 2017
            else "Memory usage per processor = 8.21387 Mbytes\n"
        )
    between = [(start, 3.0, -3.7), (start + steps // 2, 2.0, 1.0)] if steps else []
    text += thermo(year, style, [*between, (start + steps, last, 5.86)])
    if timer == "off":
        return text
    text += (
        f"Loop time of {loop:g} on {RANKS * threads} procs for {steps} steps with {ATOMS} atoms\n"
    )
    if not post:
        return text
    speed = performance(year, units, steps, loop) if kind == "run" else ""
    cpu = f"99.8% CPU use with {RANKS} MPI tasks x {threads} OpenMP threads\n"
    text += {2010: "", 2012: "", 2014: cpu + speed}.get(year, f"\n{speed}{cpu}")
    if kind != "run":
        text += f"\n{MINIMISED}"
    counts = "".join(
        f"{name}: {n:11.6g} ave {n:11.6g} max {n:11.6g} min\nHistogram: 4 0 0 0 0 0 0 0 0 0\n"
        for name, n in (("Nlocal", 8000), ("Nghost", 12000), ("Neighs", 296000))
    )
    return (
        f"{text}\n{breakdown(year, timer)}\n{counts}\nTotal # of neighbors = 1184000\n"
        "Ave neighs/atom = 37\nNeighbor list builds = 5\nDangerous builds = 0\n"
    )


def log(year, *runs, wall="0:00:02", read=False):
    """Return a whole log; LAMMPS printed its total since 2014."""
    total = f"Total wall time: {wall}\n" if year >= 2014 else ""
    return f"{head(year, read=read)}{''.join(runs or (run(year),))}{total}"
