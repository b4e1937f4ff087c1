"""The configuration's schema: what is allowed, what is filled in, and errors that teach."""

from __future__ import annotations

import copy
import difflib
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
    """Return a configuration with its defaults filled in.

    Parameters
    ----------
    config
        As it stands in the file.

    Raises
    ------
    UserError
        If it is not as the schema says; the message names the key and what was expected.
    """
    if not config:
        raise UserError(
            "the configuration is empty: it needs at least one run, for example\n"
            "  runs:\n    run5: {directory: data/run5}"
        )
    filled: dict[str, Any] = _fill(copy.deepcopy(dict(config)), schema())
    validator = jsonschema.Draft202012Validator(schema())
    error = jsonschema.exceptions.best_match(validator.iter_errors(filled))
    if error is not None:
        raise UserError(_explain(error))
    return filled


def _fill(value: Any, rules: Mapping[str, Any]) -> Any:
    """Fill in defaults, down to the entries of lists and of objects with free keys."""
    if isinstance(value, dict):
        known = rules.get("properties", {})
        for key, sub in known.items():
            if key not in value and "default" in sub:
                value[key] = copy.deepcopy(sub["default"])
        free = rules.get("additionalProperties")
        for key in value:
            sub = known.get(key, free if isinstance(free, dict) else {})
            value[key] = _fill(value[key], sub)
    elif isinstance(value, list):
        value = [_fill(item, rules.get("items", {})) for item in value]
    return value


def _explain(error: jsonschema.ValidationError) -> str:
    where = _spell(error.absolute_path) or "the configuration"
    rules: Mapping[str, Any] = error.schema if isinstance(error.schema, Mapping) else {}
    found: Any = error.instance
    told = rules.get("description", "")
    match error.validator:
        case "additionalProperties":
            known = list(rules.get("properties", {}))
            unknown = next(key for key in found if key not in known)
            return (
                f"{where}: unknown key {unknown!r}{nearest(str(unknown), known)}; "
                f"known are {', '.join(known)}"
            )
        case "required":
            missing = next(key for key in rules["required"] if key not in found)
            expected = rules.get("properties", {}).get(missing, {}).get("description", "")
            return f"{where}: the key {missing!r} is missing; expected: {expected}"
        case "enum":
            known = [str(value) for value in rules["enum"] if value != ""]
            return (
                f"{where}: {found!r} is not known{nearest(str(found), known)}; "
                f"known are {', '.join(known)}"
            )
        case "pattern":
            return f"{where}: {found!r} is no valid name: {told}"
    return f"{where}: {error.message}; expected: {told}"


def _spell(path: Iterable[str | int]) -> str:
    """Spell a path into the configuration as people write it: ``runs.run5.sizes[0]``."""
    spelled = ""
    for part in path:
        spelled += f"[{part}]" if isinstance(part, int) else f".{part}"
    return spelled.lstrip(".")


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the hint that a misspelt name deserves, or nothing."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""
