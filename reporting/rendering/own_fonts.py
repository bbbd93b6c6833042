"""The engine's font configuration without the fonts, and the settings, of the machine.

The same report comes out of the image, of a bare machine, and of a desktop with a thousand fonts. The environment stays
untouched, so that other programs started from here find their fonts.
"""

from typing import Any

from weasyprint.text.ffi import ffi, fontconfig, gobject, pangoft2
from weasyprint.text.fonts import FontConfiguration

ffi.cdef("FcConfig * FcConfigCreate (void); int FcGetVersion (void);")


class OwnFonts(FontConfiguration):
    """A configuration that begins empty: the only fonts are those that a page's ``@font-face`` rules bring."""

    def __init__(self) -> None:
        self._config = fontconfig.FcConfigCreate()
        self.font_map = ffi.gc(pangoft2.pango_ft2_font_map_new(), gobject.g_object_unref)
        pangoft2.pango_fc_font_map_set_config(ffi.cast("PangoFcFontMap *", self.font_map), self._config)
        fontconfig.FcConfigDestroy(self._config)  # the font map keeps it
        self._folder = None
        self.strut_layouts: dict[Any, Any] = {}
        self.font_features: dict[Any, Any] = {}


def version() -> str:
    """Return the version of the library that finds a font for a letter."""
    number = int(fontconfig.FcGetVersion())
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"
