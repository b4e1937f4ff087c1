"""Run each variant of a program in turn, and write what it did into a log a trial."""

import gzip
import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

MEBIBYTE = 1 << 20


def text(size):
    """Return as many MiB of words as English has them: few of them often, and many rarely."""
    chance = random.Random(1)
    letters = "etaoinshrdlucmfwypvbgk"
    words = ["".join(chance.choices(letters, k=chance.randint(2, 9))) for _ in range(4000)]
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    # gzip looks back 32 KiB, and so does not see that the same MiB comes again.
    block = " ".join(chance.choices(words, weights, k=MEBIBYTE // 3)).encode()[:MEBIBYTE]
    return block * size


def measure(options, data):
    """Return the log of one trial."""
    began = datetime.now(UTC).isoformat().removesuffix("+00:00")
    command = [sys.executable, "-m", "gzip", *options, "-"]
    start = perf_counter()
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    seconds = perf_counter() - start
    lines = [
        f"Command: python -m gzip {' '.join([*options, '-'])}",
        f"Python {sys.version.split()[0]}",
        f"Began at {began}",
        f"Time: {seconds:.6f} s",
        f"Throughput: {len(data) / MEBIBYTE / seconds:.3f} MiB/s",
        f"Compressed to {len(done.stdout)} of {len(data)} bytes",
    ]
    if done.returncode:
        lines.append(f"ERROR: exit code {done.returncode}: {done.stderr.decode(errors='replace')}")
    elif gzip.decompress(done.stdout) != data:
        lines.append("ERROR: the result does not unpack to its input")
    else:
        lines.append("The result unpacks to its input.")
    return "\n".join([*lines, ""])


def measure_all(logs, options):
    """Measure every trial, and write its log.

    Whatever changes on a machine while trials run must not tell one variant from the other.  So a
    repetition runs all variants of a size one after the other, and chance says which is the first.

    Parameters
    ----------
    logs
        The file of each trial, by "size/repetition/variant".
    options
        The options of each variant.
    """
    chance = random.Random(1)
    trials = [key.split("/") for key in logs]
    sizes = sorted({int(size) for size, _, _ in trials})
    texts = {size: text(size) for size in sizes}
    for variant in options:
        measure(options[variant], texts[sizes[0]])  # a warm-up, which is not kept
    for repetition in sorted({int(repetition) for _, repetition, _ in trials}):
        for size in sizes:
            for variant in chance.sample(sorted(options), len(options)):
                log = Path(logs[f"{size}/{repetition}/{variant}"])
                log.parent.mkdir(parents=True, exist_ok=True)
                log.write_text(measure(options[variant], texts[size]))


measure_all(snakemake.params.logs, snakemake.params.options)
