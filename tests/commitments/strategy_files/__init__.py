"""Files of strategies whose references and levels are not those of the one that ships."""

from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
LETTERED: Final = (FOLDER / "lettered.toml").read_text(encoding="utf-8")
THREE_LEVELS: Final = (FOLDER / "three-levels.toml").read_text(encoding="utf-8")
