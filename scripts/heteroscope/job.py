"""What every job of the workflow does around its work."""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from heteroscope.metrics import UserError


@contextmanager
def logged(path: str | Path) -> Iterator[None]:
    """Write records, warnings and errors to a log file, and to standard error as well.

    A mistake of the user's ends the job with its message and without a traceback.
    """
    logging.basicConfig(
        level=logging.INFO,
        format="%(levelname)s: %(message)s",
        handlers=[logging.FileHandler(path, "w", "utf-8"), logging.StreamHandler(sys.stderr)],
    )
    logging.captureWarnings(True)
    # Told at each PDF: which parts of a font it does not need.
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    warnings.simplefilter("default")
    try:
        yield
    except UserError as error:
        logging.error("%s", error)
        sys.exit(1)
    except Exception:
        logging.exception("this job failed")
        raise
