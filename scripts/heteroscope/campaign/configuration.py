"""The configuration's schema: what is allowed, what is filled in, and errors that teach."""

from __future__ import annotations

import copy
import datetime
import difflib
import math
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from heteroscope.metrics import UserError

SCHEMA = Path(__file__).parents[3] / "config" / "schemas" / "config.schema.yaml"


@cache
def schema() -> dict[str, Any]:
    """Return the schema of the configuration."""
    loaded: dict[str, Any] = yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))
    return loaded


def complete(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a configuration with its defaults filled in, and text where text is meant.

    A key without a value counts as left out.  YAML reads some names and words as numbers, dates or
    truth values; they are the text that a person wrote (``1``, ``no``, ``2023-02-09``).

    Parameters
    ----------
    config
        As it stands in the file.

    Raises
    ------
    UserError
        If it is not as the schema says; the message names the key, what was found, and what is
        expected.
    """
    if not config:
        raise UserError(
            "the configuration is empty: it needs at least one run, for example\n"
            "  runs:\n    run5: {directory: data/run5}"
        )
    filled = _checked(dict(config), schema())
    for name, run in filled["runs"].items():
        if not run["directory"] and not run["file"]:
            raise UserError(
                f"runs.{name}: the key 'directory' is missing; expected: the folder of its raw logs"
            )
    if isinstance(filled["sizes"], dict):
        filled |= {"sizes": filled["sizes"]["values"], "sizes_of": filled["sizes"]["of"]}
    return {"sizes_of": "", **filled}


def checked(value: Any, key: str) -> dict[str, Any]:
    """Return an entry of a key of the configuration that stands in a file of its own, checked."""
    return _checked(value, schema()["properties"][key]["additionalProperties"])


# YAML 1.1 takes 1e-6 for text, as it lacks a point.
_EXPONENT = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)[eE][-+]?\d+")


def _checked(value: Any, rules: Mapping[str, Any]) -> dict[str, Any]:
    filled: dict[str, Any] = _fill(copy.deepcopy(value), rules, "")
    validator = jsonschema.Draft202012Validator(rules)
    error = jsonschema.exceptions.best_match(validator.iter_errors(filled))
    if error is not None:
        raise UserError(_explain(error))
    return filled


def _fill(value: Any, rules: Mapping[str, Any], where: str) -> Any:
    """Fill in defaults and turn what is meant as text into text, down to each entry."""
    if isinstance(value, dict):
        known = rules.get("properties", {})
        free = rules.get("additionalProperties")
        entries: dict[str, Any] = {}
        for key, entry in value.items():
            name = _text(key)
            if name in entries:
                raise UserError(f"{where or 'the configuration'}: the key {name!r} stands twice")
            entries[name] = entry
        for key, sub in known.items():
            if entries.get(key) is None and "default" in sub:
                entries[key] = copy.deepcopy(sub["default"])
        rules_of = {key: known.get(key, free if isinstance(free, dict) else {}) for key in entries}
        return {
            key: _fill(entry, rules_of[key], f"{where}.{key}".lstrip("."))
            for key, entry in entries.items()
        }
    if isinstance(value, list):
        items = rules.get("items", {})
        return [_fill(item, items, f"{where}[{number}]") for number, item in enumerate(value)]
    if rules.get("type") == "number" and isinstance(value, str) and _EXPONENT.fullmatch(value):
        value = float(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise UserError(f"{where}: found {_found(value)}; expected: {_expected(rules)}")
    if value is not None and (rules.get("type") == "string" or _is_date(value)):
        return _text(value)
    return value


def _is_date(value: Any) -> bool:
    return isinstance(value, datetime.date)


def _text(value: Any) -> str:
    """Return a value of YAML as the text that stood there, as far as YAML keeps it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "null"
    return value.isoformat() if _is_date(value) else str(value)


def _explain(error: jsonschema.ValidationError) -> str:
    where = _spell(error.absolute_path) or "the configuration"
    rules: Mapping[str, Any] = error.schema if isinstance(error.schema, Mapping) else {}
    found: Any = error.instance
    match error.validator:
        case "additionalProperties":
            known = list(rules.get("properties", {}))
            unknown = next(key for key in found if key not in known)
            return (
                f"{where}: unknown key {unknown!r}{nearest(unknown, known)}; "
                f"known are {', '.join(known)}"
            )
        case "required":
            missing = next(key for key in rules["required"] if found.get(key) is None)
            expected = _expected(rules.get("properties", {}).get(missing, {}))
            return f"{where}: the key {missing!r} is missing; expected: {expected}"
        case "enum":
            hint = nearest(str(found), map(str, rules["enum"]))
            return f"{where}: found {_found(found)}{hint}; expected: {_expected(rules)}"
        case "uniqueItems":
            twice = next(item for number, item in enumerate(found) if item in found[:number])
            return f"{where}: {_found(twice)} stands twice; name each once"
    if "propertyNames" in error.absolute_schema_path:
        return f"{where}: {found!r} is no valid name: {rules['description']}"
    return f"{where}: found {_found(found)}; expected: {_expected(rules)}"


_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "keys with values",
    "null": "nothing",
}


def _found(value: Any) -> str:
    """Return a value of the configuration in words."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"the number {value}"
        case dict():
            return f"keys with values ({', '.join(list(value)[:3]) or 'none'})"
        case list():
            return f"a list of {len(value)}"
    return f"the text {str(value)!r}"


def _expected(rules: Mapping[str, Any]) -> str:
    """Return in words what stands behind a key: its type and bounds, and what it means."""
    told = _kind(rules)
    meaning = str(rules.get("description", "")).strip().rstrip(".")
    return f"{told} ({meaning[:1].lower()}{meaning[1:]})" if meaning else told


def _kind(rules: Mapping[str, Any]) -> str:
    if "enum" in rules:
        return "one of " + ", ".join(str(value) for value in rules["enum"] if value != "")
    if "anyOf" in rules:
        return " or ".join(_kind(each) for each in rules["anyOf"])
    kinds = rules.get("type", "string")
    told = " or ".join(_TYPES[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds))
    bounds = [
        f"{words} {rules[key]}"
        for key, words in (
            ("minimum", "from"),
            ("exclusiveMinimum", "above"),
            ("maximum", "up to"),
            ("minItems", "of at least"),
            ("maxItems", "of at most"),
        )
        if key in rules
    ]
    if rules.get("minLength") or rules.get("minProperties"):
        bounds.append("that is not empty" if "minLength" in rules else "of at least one")
    return " ".join([told, *bounds])


def _spell(path: Iterable[str | int]) -> str:
    """Spell a path into the configuration as people write it: ``runs.run5.sizes[0]``."""
    spelled = ""
    for part in path:
        spelled += f"[{part}]" if isinstance(part, int) else f".{part}"
    return spelled.removeprefix(".")


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the hint that a misspelt name deserves, or nothing."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""
