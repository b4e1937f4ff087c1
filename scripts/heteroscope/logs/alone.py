"""No launcher: what an application itself printed, or wrote into its own log."""

from __future__ import annotations

from heteroscope.logs.reader import Launcher

LAUNCHER = Launcher(name="", operator="", recognises=lambda data: True)
