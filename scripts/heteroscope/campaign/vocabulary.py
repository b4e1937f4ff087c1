"""What a campaign calls things: its applications with their figures, and what a size counts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from heteroscope.campaign.configuration import SCHEMA, checked, nearest
from heteroscope.logs import LAUNCHERS, READERS, readers
from heteroscope.logs.declared import COUNTS, alternatives, check_template, unit_of
from heteroscope.logs.declared import application as as_declared
from heteroscope.logs.numbers import FORMATS
from heteroscope.logs.reader import Application
from heteroscope.metrics import METRICS, UserError
from heteroscope.words import in_words

SHIPPED = SCHEMA.parents[1] / "applications"
# What a row of the table of trials says itself.
_OWN = (
    *("run", "operator", "order", "ordered_by", "excluded", "rule", "status", "reason"),
    *("foreign_lines", "conflicts", "fingerprint", "log", "bytes", "sha256", "prefix"),
)
# No factor between units is smaller.
_SMALLEST = 1e-30


def applications(config: Mapping[str, Any], root: Path) -> dict[str, dict[str, Any]]:
    """Return the applications of a campaign: those that it declares, and the shipped ones it names.

    Parameters
    ----------
    config
        The configuration, as `complete` returns it.
    root
        What relative paths are relative to.

    Raises
    ------
    UserError
        If one is not there, or not as the schema says, or if a template cannot match.
    """
    found = {}
    for name, entry in config["applications"].items():
        where = f"applications.{name}"
        if name in (*READERS, *LAUNCHERS, *FORMATS):
            raise UserError(f"{where}: {name} is known already; choose another name")
        if isinstance(entry, str):
            found[name] = _read(root / entry, entry, where)
        else:
            found[name] = entry
            check(entry, where)
    for run, entry in config["runs"].items():
        name = entry["application"]
        if name and name not in (*found, "lammps"):
            path = SHIPPED / f"{name}.yaml"
            if not path.is_file():
                known = [*found, "lammps", *sorted(file.stem for file in SHIPPED.glob("*.yaml"))]
                raise UserError(
                    f"runs.{run}.application: there is no application {name!r}"
                    f"{nearest(name, known)}; known are {', '.join(known)}, and others are "
                    "declared under `applications`"
                )
            found[name] = _read(path, f"config/applications/{name}.yaml", f"applications.{name}")
    return found


def known_application(name: str) -> Application:
    """Return an application that is shipped, or stands in a YAML file of its own.

    Parameters
    ----------
    name
        Its name, or the path of its file.
    """
    shipped = SHIPPED / f"{name}.yaml"
    path = shipped if shipped.is_file() else Path(name)
    return as_declared(path.stem, _read(path, name, "application"))


def shipped_of(data: bytes) -> list[str]:
    """Return the names of the shipped applications that printed any of a log."""
    return [application.name for application in _shipped() if application.recognises(data)]


@cache
def _shipped() -> list[Application]:
    files = sorted(SHIPPED.glob("*.yaml"))
    return [as_declared(file.stem, _read(file, file.name, file.stem)) for file in files]


_ENDLESS = "it is nested without an end"


def parsed(path: Path) -> Any:
    """Return what stands in a file of YAML.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If it is none; it says why.
    """
    text = path.read_text(encoding="utf-8")
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        told = " ".join(str(error).split()).replace(' in "<unicode string>",', " at")
        raise ValueError(f"{told} (are all templates in quotes?)") from None
    except RecursionError:
        raise ValueError(_ENDLESS) from None
    try:
        json.dumps(content, default=str, skipkeys=True)
    except (ValueError, RecursionError):
        raise ValueError(_ENDLESS) from None
    return content


def _read(path: Path, shown: str, where: str) -> dict[str, Any]:
    try:
        content = parsed(path)
    except OSError as error:
        raise UserError(f"{where}: {shown} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise UserError(f"{where}: {shown} is no YAML: {error}") from None
    if not isinstance(content, dict):
        raise UserError(f"{where}: {shown} holds no application; expected keys such as `figures`")
    try:
        entry = checked(content, "applications")
        check(entry, "")
    except UserError as error:
        raise UserError(f"{shown}: {error}") from None
    return entry


def check(entry: Mapping[str, Any], where: str) -> None:
    """Refuse what no schema can: templates and figures that cannot be meant."""
    where = f"{where}." if where else ""
    for key in ("begins", "done", "failed"):
        for template in alternatives(entry[key]):
            check_template(template, f"{where}{key}", 0)
    for template in alternatives(entry["failed"]):
        if template in (*alternatives(entry["begins"]), *alternatives(entry["done"])):
            raise UserError(f"{where}failed: {template!r} stands in every whole log, as well")
    for name, figure in entry["figures"].items():
        _check_figure(name, figure, f"{where}figures.{name}")
    if not any((entry["begins"], entry["done"], *_units(entry))):
        raise UserError(
            f"{where}figures: none has a unit, so that nothing would be compared; give one to what "
            f"you compare, {_BARE}"
        )
    for key, value in (("title", entry["title"]), *_shown(entry)):
        if not value.isprintable():
            raise UserError(f"{where}{key}: {value!r} holds a line break or a control character")


# What to say where a metric has no unit of its own.
_BARE = 'for example `unit: s`, or `unit: "1"` for a bare number'


def _units(entry: Mapping[str, Any]) -> Iterator[str]:
    return (figure["unit"] for figure in entry["figures"].values())


def _shown(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what people will read of each figure, by its key."""
    for name, figure in entry["figures"].items():
        for key in ("title", "unit"):
            yield f"figures.{name}.{key}", figure[key]


def _check_figure(name: str, figure: Mapping[str, Any], place: str) -> None:
    """Refuse a figure that cannot be meant."""
    for template in alternatives(figure["line"]):
        check_template(template, f"{place}.line", int(figure["take"] != "count"))
    if name in _OWN:
        raise UserError(f"{place}: the table of trials has a column {name}; choose another")
    if figure["kind"] == "text":
        for key, wrong in (
            ("unit", figure["unit"]),
            ("check", figure["check"]),
            ("times", figure["times"] != 1),
            ("take", figure["take"] not in ("same", "first", "last", "count")),
        ):
            if wrong:
                raise UserError(f"{place}.{key}: a text is no number; leave {key} out")
    if figure["take"] == "count" and figure["times"] != 1:
        raise UserError(f"{place}.times: lines are counted, and not multiplied; leave times out")
    if not _SMALLEST <= figure["times"] <= 1 / _SMALLEST:
        raise UserError(
            f"{place}.times: expected a factor from {_SMALLEST:g} to {1 / _SMALLEST:g}, such as "
            "0.001"
        )
    _check_meaning(name, figure, place)


def _check_meaning(name: str, figure: Mapping[str, Any], place: str) -> None:
    """Refuse a figure that would not be what its name and its keys say."""
    if name in (*COUNTS, "started_at"):
        for key, wrong in (
            ("unit", figure["unit"]),
            ("kind", name in COUNTS and figure["kind"] != "number"),
        ):
            if wrong:
                raise UserError(
                    f"{place}.{key}: {name} tells trials apart, and is none of their results; "
                    f"leave {key} out, or choose another name"
                )
    if not figure["unit"]:
        if name in METRICS:
            raise UserError(f"{place}.unit: {name} is a metric, and has none; name its unit")
        if figure["better"] == "higher":
            raise UserError(
                f"{place}.unit: only a figure with a unit is compared, and `better` means nothing "
                f"without one; give it one, {_BARE}"
            )


def vocabulary(config: Mapping[str, Any], declared: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a campaign declares (`logs.declare`); nothing if nothing is its own.

    Raises
    ------
    UserError
        If a name means two things.
    """
    of = {"": "nodes", "none": ""}.get(config["sizes_of"], config["sizes_of"])
    metrics: dict[str, dict[str, Any]] = {}
    others = {run["application"] for run in config["runs"].values()} <= {*declared}
    known = set() if others else {name for r in readers().values() for name in r.figures}
    for application, name, figure in _metrics(declared):
        if name in known:
            raise UserError(
                f"applications.{application}.figures.{name}: LAMMPS or a launcher of this campaign "
                f"has a figure {name}, too; call this one {application.replace('-', '_')}_{name}"
            )
        if metrics.setdefault(name, figure) != figure:
            raise UserError(
                f"applications.{application}.figures.{name}: another application has a figure "
                f"{name} with another unit, title or direction; give them different names"
            )
    files: dict[str, dict[str, Any]] = {}
    for run, entry in config["runs"].items():
        if entry.get("file"):
            files.setdefault(entry["format"], {}).update(entry["columns"])
            for figure in _metrics_of_file(f"runs.{run}", entry):
                other = metrics.setdefault(figure["name"], figure)
                if any(other[key] != figure[key] for key in ("unit", "higher_is_better")):
                    raise UserError(
                        f"runs.{run}.columns.{figure['name']}: what is called so elsewhere has "
                        "another unit or direction; give them different names, or the same unit"
                    )
    if not declared and not files and of == "nodes":
        return {}
    return {
        "applications": dict(declared),
        "files": files,
        "metrics": list(metrics.values()),
        "facts": _facts(declared),
        "sizes": of,
    }


def _facts(declared: Mapping[str, Any]) -> list[str]:
    """Return the figures that say what ran, and neither how fast it was nor where it belongs."""
    figures = (item for entry in declared.values() for item in entry["figures"].items())
    about = {"size", "repetition", "started_at"}
    names = (name for name, figure in figures if not figure["unit"] and name not in about)
    return list(dict.fromkeys(names))


def _metrics_of_file(where: str, entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the metrics of a file of numbers, but those that are known as they are."""
    if entry["format"] not in FORMATS:
        raise UserError(f"{where}.format: say what wrote the file: {', '.join(FORMATS)}")
    try:
        metrics = FORMATS[entry["format"]].metrics(entry)
    except UserError as error:
        raise UserError(f"{where}.{error}") from None
    for metric in metrics:
        known = METRICS.get(metric["name"])
        if known and known.resolution and metric["unit"] not in ("", known.unit):
            raise UserError(
                f"{where}.columns.{known.name}: {known.title} is in {known.unit}; say "
                f"{{column: …, unit: {known.unit}, times: …}}, or choose another name"
            )
    return [m for m in metrics if m["name"] not in METRICS or not METRICS[m["name"]].resolution]


def _metrics(declared: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the metrics that are declared: application, name, and what `logs.declare` takes."""
    for application, entry in declared.items():
        for name, figure in entry["figures"].items():
            if figure["unit"]:
                better = figure["better"] == "higher"
                yield (
                    application,
                    name,
                    {
                        "name": name,
                        "title": figure["title"] or _title(name),
                        "unit": unit_of(figure),
                        "higher_is_better": better,
                        "speedup": figure["unit"] == "s" and not better,
                    },
                )


def _title(name: str) -> str:
    """Return a name as the words of a heading: ``Grind time`` of ``grind_time``."""
    return in_words(name[0].upper() + name[1:])
