"""What hyperfine, Google Benchmark and pytest-benchmark write: JSON, many trials a file.

Their summaries (means, medians, deviations) are no trials.  The name of a host is never read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from heteroscope.logs.json_text import read_json
from heteroscope.logs.numbers.columns import Column, Format, Trial, moment, number, scaled
from heteroscope.metrics import Figure, Status
from heteroscope.redaction import redact

_HOSTS = frozenset(("context.host_name", "host_name", "machine_info.node", "node"))


def _records(data: bytes, key: str, tool: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return what a file says as a whole, and the list under one of its keys."""
    try:
        content = read_json(data)
    except ValueError as error:
        raise ValueError(f"no JSON, as {tool} writes it: {error}") from None
    records = content.get(key) if isinstance(content, dict) else None
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise ValueError(f"not of {tool}: no list of objects under the key {key!r}")
    if not records:
        raise ValueError(f"nothing was measured: the list {key!r} is empty")
    return content, records


def _cells(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what has one value; what lies a level deeper also goes by its own name alone."""
    deeper = [
        (name, inner, value)
        for name, values in record.items()
        if isinstance(values, dict)
        for inner, value in values.items()
    ]
    named = {
        **{inner: value for _, inner, value in deeper},
        **{f"{name}.{inner}": value for name, inner, value in deeper},
        **record,
    }
    return {
        name: value
        for name, value in named.items()
        if name not in _HOSTS and not isinstance(value, dict | list)
    }


def _hyperfine(data: bytes, _: Collection[str]) -> list[Trial]:
    _, results = _records(data, "results", "hyperfine")
    return [trial for result in results for trial in _runs(result)]


def _runs(result: dict[str, Any]) -> Iterator[Trial]:
    command = str(result.get("command", ""))
    cells = _cells(result)
    times = result.get("times")
    if not isinstance(times, list) or not times:
        reason = f"{command}: no list `times`: a summary is no sample; use hyperfine --export-json"
        yield Trial(cells, command, command, Status.UNREADABLE, reason)
        return
    lists = {name: values for name, values in result.items() if isinstance(values, list)}
    for name, values in lists.items():
        if len(values) != len(times):
            reason = f"{command}: {len(times)} times, but {len(values)} of {name}"
            yield Trial(cells, command, command, Status.UNREADABLE, reason)
            return
    for repetition, time in enumerate(times, 1):
        own = {name: values[repetition - 1] for name, values in lists.items()}
        code = own.get("exit_codes", 0)
        trial = Trial({**cells, **own, "time": time}, f"run {repetition}", command)
        trial.figures["repetition"] = repetition
        if code != 0:
            ended = "ended by a signal" if code is None else f"exit code {code}"
            trial.status, trial.reason = Status.FAILED, f"run {repetition}: {ended}"
        yield trial


_SECONDS = {"ns": "1e-9", "us": "1e-6", "ms": "1e-3", "s": "1"}
_AGGREGATES = ("_mean", "_median", "_stddev", "_cv", "_BigO", "_RMS")


def _google_benchmark(data: bytes, _: Collection[str]) -> list[Trial]:
    content, records = _records(data, "benchmarks", "Google Benchmark")
    context = content.get("context")
    context = context if isinstance(context, dict) else {}
    figures: dict[str, Figure] = {}
    notes = []
    if isinstance(scaled := context.get("cpu_scaling_enabled"), bool):
        figures["cpu_scaling_enabled"] = "yes" if scaled else "no"
        if scaled:
            notes.append("CPU scaling is enabled, so that the clock of the processor varies")
    if build := context.get("library_build_type"):
        figures["library_build_type"] = redact(str(build))
        if build == "debug":
            notes.append("the benchmark library was built for debugging")
    if isinstance(date := context.get("date"), str):
        try:
            figures["started_at"] = moment(date)
        except ValueError as error:
            notes.append(f"the file's date {error}")
    trials: list[Trial] = []
    summaries: dict[str, Trial] = {}
    for record in records:
        trial = _iteration({"context": context, **record})
        trial.figures |= figures
        trial.reason = trial.reason or "; ".join(notes)
        if _aggregated(record):
            trial.status, trial.reason = (
                Status.UNREADABLE,
                (
                    f"{trial.of}: only aggregates, which are no sample; run it with "
                    "--benchmark_repetitions=10 --benchmark_report_aggregates_only=false"
                ),
            )
            summaries.setdefault(trial.of, trial)
        else:
            trials.append(trial)
    measured = {trial.of for trial in trials}
    return [*trials, *(trial for of, trial in summaries.items() if of not in measured)]


def _aggregated(record: Mapping[str, Any]) -> bool:
    # Before 1.5, the name alone tells.
    told = record.get("run_type")
    if told is None:
        return str(record.get("name", "")).endswith(_AGGREGATES)
    return bool(told == "aggregate")


def _iteration(record: dict[str, Any]) -> Trial:
    cells = _cells(record)
    name = str(record.get("run_name") or record.get("name", ""))
    if _aggregated(record) and "run_name" not in record:
        name = name.rpartition("_")[0]
    unit = str(record.get("time_unit", "ns"))
    for clock in ("real_time", "cpu_time"):
        value = number(cells.get(clock))
        if isinstance(value, int | float) and unit in _SECONDS:
            cells[clock] = scaled(value, _SECONDS[unit])
    trial = Trial(_arguments(name) | cells | {"name": name}, name, name)
    repetition = record.get("repetition_index")
    if isinstance(repetition, int):
        trial.told = f"{name}, repetition {repetition + 1}"
        trial.figures["repetition"] = repetition + 1
    if unit not in _SECONDS:
        trial.status = Status.UNREADABLE
        trial.reason = f"{trial.told}: time_unit is {unit!r}, expected one of {', '.join(_SECONDS)}"
    if record.get("error_occurred"):
        trial.status = Status.FAILED
        trial.reason = f"{trial.told}: {record.get('error_message') or 'an error occurred'}"
    elif record.get("skipped"):
        trial.status = Status.FAILED
        trial.reason = f"{trial.told}: skipped: {record.get('skip_message') or 'no reason given'}"
    return trial


def _arguments(name: str) -> dict[str, Any]:
    """Return the arguments in a name: ``BM_Sort/8/threads:4`` has ``argument`` and ``threads``."""
    cells: dict[str, Any] = {}
    unnamed = 0
    for part in name.split("/")[1:]:
        key, colon, value = part.partition(":")
        if colon:
            cells[key] = value
        elif isinstance(number(part), int | float):
            unnamed += 1
            cells["argument" if unnamed == 1 else f"argument_{unnamed}"] = part
    return cells


def _pytest_benchmark(data: bytes, _: Collection[str]) -> list[Trial]:
    content, records = _records(data, "benchmarks", "pytest-benchmark")
    figures: dict[str, Figure] = {}
    note = ""
    if isinstance(date := content.get("datetime"), str):
        try:
            figures["started_at"] = moment(date)
        except ValueError as error:
            note = f"the file's datetime {error}"
    about = {key: content.get(key) for key in ("machine_info", "commit_info")}
    return [trial for record in records for trial in _rounds(about | record, figures, note)]


def _rounds(record: dict[str, Any], figures: Mapping[str, Figure], note: str) -> Iterator[Trial]:
    name = str(record.get("name", ""))
    cells = _cells(record)
    stats = record.get("stats")
    times = stats.get("data") if isinstance(stats, dict) else None
    if not isinstance(times, list) or not times:
        reason = (
            f"{name}: no list `stats.data`: a summary is no sample; save the file with "
            "--benchmark-save-data, or write it with --benchmark-json"
        )
        yield Trial(cells, name, name, Status.UNREADABLE, reason)
        return
    for repetition, time in enumerate(times, 1):
        own = {**figures, "repetition": repetition}
        yield Trial(
            {**cells, "time": time}, f"{name}, round {repetition}", name, reason=note, figures=own
        )


HYPERFINE = Format(
    title="hyperfine",
    trials=_hyperfine,
    names="command",
    beside=("repetition",),
    columns={"time": Column("time", "s", title="Wall time of the command")},
)
GOOGLE_BENCHMARK = Format(
    title="Google Benchmark",
    trials=_google_benchmark,
    names="name",
    columns={
        "real_time": Column("real_time", "s", title="Wall time of an iteration"),
        "cpu_time": Column("cpu_time", "s", title="CPU time of an iteration"),
        "items_per_second": Column("items_per_second", "1/s", "higher", "Items per second"),
        "bytes_per_second": Column("bytes_per_second", "B/s", "higher", "Bytes per second"),
    },
    beside=("repetition", "started_at", "cpu_scaling_enabled", "library_build_type"),
    better="higher",
)
PYTEST_BENCHMARK = Format(
    title="pytest-benchmark",
    trials=_pytest_benchmark,
    names="name",
    columns={"time": Column("time", "s", title="Wall time of a call")},
    beside=("repetition", "started_at"),
)
