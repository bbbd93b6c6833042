"""Where things are in a checkout."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = Path(os.environ.get("PORTAL_VENV") or ROOT / ".venv")
PYTHON = VENV / "bin" / "python"


def data_path() -> Path:
    """Return the folder that holds all state: ``PORTAL_DATA``, or ``.data`` in the checkout."""
    return Path(os.path.abspath(Path(os.environ.get("PORTAL_DATA") or ROOT / ".data").expanduser()))


def shown(path: Path) -> str:
    """Return a path as short as it can be said from the checkout."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def in_venv() -> bool:
    """Tell whether this very process runs the checkout's own Python."""
    return Path(sys.prefix).resolve() == VENV.resolve()
