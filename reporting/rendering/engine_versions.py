"""Which versions of the libraries that shape text and lines the PDF engine has loaded."""

from weasyprint.text.ffi import harfbuzz, pango

from reporting.rendering import own_fonts


def text_libraries() -> dict[str, str]:
    """Return the versions of the libraries that shape text and lines, as WeasyPrint has loaded them."""
    number = int(pango.pango_version())

    def at_least(*parts: int) -> bool:
        return bool(harfbuzz.hb_version_atleast(*parts))

    shaper = [0, 0, 0]
    for place in range(3):  # the library answers yes or no only
        while at_least(*shaper[:place], shaper[place] + 1, *([0] * (2 - place))):
            shaper[place] += 1
    return {
        "pango": f"{number // 10000}.{number // 100 % 100}.{number % 100}",
        "harfbuzz": ".".join(map(str, shaper)),
        "fontconfig": own_fonts.version(),
    }
