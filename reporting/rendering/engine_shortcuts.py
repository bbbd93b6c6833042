"""Lets WeasyPrint work out once what it works out for every box and every word again. What it draws stays the same, byte for byte;
docs/decisions/0057-report-side-by-side.md has the numbers.

What depends on a style alone is kept on the style. Layout never changes a style in place: it makes a copy, and a copy begins with nothing kept.
"""

import sys
from collections.abc import Callable
from typing import Any, Final

import pydyf
from weasyprint import css
from weasyprint.css import computed_values, properties
from weasyprint.formatting_structure import boxes
from weasyprint.layout import percent
from weasyprint.text import fonts, line_break
from weasyprint.text.constants import LST_TO_ISO, PANGO_DIRECTION
from weasyprint.text.ffi import FROM_UNITS, ffi, gobject, pango, unicode_to_char_p

_SIDES: Final = ("top", "right", "bottom", "left")
_LENGTHS: Final = (
    *(f"{kind}_{side}" for kind in ("margin", "padding") for side in _SIDES),
    *(f"{bound}{axis}" for axis in ("width", "height") for bound in ("", "min_", "max_")),
)
_resolve: Final = percent.resolve_percentages
_strut: Final = line_break.strut
_missing: Final = css.ComputedStyle.__missing__
_to_bytes: Final = pydyf._to_bytes
_own_set_up: Final = line_break.Layout.setup
_asked_in_normal_flow: Final[Callable[[Any], bool]] = boxes.Box.is_in_normal_flow


def _lengths(style: Any) -> dict[str, Any] | None:
    """Return a box's lengths where none depends on the box around it; None where one does."""
    if style["border_collapse"] == "collapse":
        return None  # borders come from the table
    found = {f"border_{side}_width": style[f"border_{side}_width"] for side in _SIDES}
    for name in _LENGTHS:
        value = style[name]
        if value is not None and value != "auto":
            if getattr(value, "unit", "%") != "px":
                return None
            value = value.value
        found[name] = 0 if value == "auto" and name.startswith("min_") else value
    return found


def _resolve_percentages(box: Any, containing_block: Any) -> None:
    """Set the lengths of a box. Most have no percentage, and come from the style as they are."""
    style = box.style
    try:
        lengths = style.kept_lengths
    except AttributeError:
        lengths = style.kept_lengths = _lengths(style)
    if lengths is None:
        _resolve(box, containing_block)
        return
    box.__dict__.update(lengths)
    if style["box_sizing"] != "content-box":
        percent.adjust_box_sizing(box, "width")
        percent.adjust_box_sizing(box, "height")


def _kept_strut(style: Any) -> Any:
    try:
        return style.kept_strut
    except AttributeError:
        style.kept_strut = _strut(style)
        return style.kept_strut


def _is_in_normal_flow(box: Any) -> bool:
    """Say the same as the engine does in ten calls."""
    style = box.style
    if style["float"] not in {"none", "top", "bottom", "block-start", "block-end"}:
        return _asked_in_normal_flow(box)
    position = style["position"]
    return position in ("static", "relative", "sticky") or _asked_in_normal_flow(box)


_SPECIAL: Final = {"page", "position", "float", "display"}
_OWN: Final = frozenset(
    key
    for key in properties.INITIAL_VALUES
    if key not in _SPECIAL | properties.INHERITED | properties.INITIAL_NOT_COMPUTED
    and not key.startswith(("__", "text_decoration_"))
)
"""Properties that have their initial value, as it is, wherever no rule sets them."""
_LOGICAL: Final = {
    key: tuple(function(block="ttb", inline=inline) for inline in ("ltr", "rtl"))
    for key, function in computed_values.PHYSICAL_FUNCTIONS.items()
}


def _missing_value(style: Any, key: str) -> Any:
    """Return a property that no rule sets at once."""
    cascaded = style.cascaded
    if key not in cascaded and (key not in _LOGICAL or not any(name in cascaded for name in _LOGICAL[key])):
        if key in _OWN:
            value = style[key] = properties.INITIAL_VALUES[key]
            return value
        if key in properties.INHERITED and style.parent_style is not None and key not in _SPECIAL:
            value = style[key] = style.parent_style[key]
            return value
    return _missing(style, key)


class _TextSetting:
    """What the words of a style need before they can be laid out: made once, and not for every word."""

    def __init__(self, style: Any) -> None:
        self.context = ffi.gc(pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref)
        pango.pango_context_set_round_glyph_positions(self.context, False)
        pango.pango_context_set_base_dir(self.context, PANGO_DIRECTION[style["direction"]])
        self.language = pango.pango_language_get_default()
        override = style["font_language_override"]
        if name := LST_TO_ISO.get(override.lower(), override) if override != "normal" else style["lang"]:
            letters, _ = unicode_to_char_p(name)
            self.language = pango.pango_language_from_string(letters)
            pango.pango_context_set_language(self.context, self.language)
        self.description = fonts.get_font_description(style)
        self.line_places = self._lines() if style["text_decoration_line"] != "none" else {}
        features = fonts.font_features(
            style["font_kerning"], style["font_variant_ligatures"], style["font_variant_position"], style["font_variant_caps"],
            style["font_variant_numeric"], style["font_variant_alternates"], style["font_variant_east_asian"],
            style["font_feature_settings"],
        )  # fmt: skip
        self.features = None
        if features:
            written = ",".join(f"{key} {value}" for key, value in features.items()).encode()
            kept = style.font_config.font_features
            if written not in kept:
                kept[written] = pango.pango_attr_font_features_new(written)
            self.features = kept[written]

    def _lines(self) -> dict[str, float]:
        metrics = ffi.gc(
            pango.pango_context_get_metrics(self.context, self.description, self.language),
            pango.pango_font_metrics_unref,
        )
        names = (
            "ascent",
            "underline_position",
            "strikethrough_position",
            "underline_thickness",
            "strikethrough_thickness",
        )
        return {name: FROM_UNITS * getattr(pango, f"pango_font_metrics_get_{name}")(metrics) for name in names}


_NO_LINES: Final = {"ascent": None, "underline_position": None, "strikethrough_position": None}


def _set_up(layout: Any, style: Any) -> None:
    """Begin the layout of some words of a style."""
    try:
        kept = style.kept_text_setting
    except AttributeError:
        kept = style.kept_text_setting = _TextSetting(style)
    layout.style, layout.first_line_direction, layout.language = style, 0, kept.language
    layout.layout = ffi.gc(pango.pango_layout_new(kept.context), gobject.g_object_unref)
    pango.pango_layout_set_auto_dir(layout.layout, False)
    pango.pango_layout_set_font_description(layout.layout, kept.description)
    layout.__dict__.update(kept.line_places or _NO_LINES)
    if kept.features is not None:
        attributes = pango.pango_attr_list_new()
        pango.pango_attr_list_insert(attributes, kept.features)
        pango.pango_layout_set_attributes(layout.layout, attributes)


def _bytes(item: Any) -> bytes:
    """Return what the PDF says for a value; most are bytes, or words, or whole numbers."""
    kind = type(item)
    if kind is bytes:
        return item  # type: ignore[no-any-return]  # as its type says
    if kind is str:
        return item.encode("ascii")  # type: ignore[no-any-return]  # a string's is bytes
    if kind is int:
        return b"%d" % item
    return _to_bytes(item)  # type: ignore[no-any-return]  # the library has no types


def take_shortcuts() -> None:
    """Put these in the place of the engine's own."""
    _replace("resolve_percentages", _resolve, _resolve_percentages)
    _replace("strut", _strut, _kept_strut)
    methods: tuple[tuple[Any, str, Any], ...] = (
        (boxes.Box, "is_in_normal_flow", _is_in_normal_flow),
        (css.ComputedStyle, "__missing__", _missing_value),
        (line_break.Layout, "setup", _set_up),
    )
    for kind, name, ours in methods:
        setattr(kind, name, ours)
    pydyf._to_bytes = _bytes


def _replace(name: str, old: Any, new: Any) -> None:
    """Replace a function wherever the engine has imported it."""
    for module in [module for key, module in sys.modules.items() if key.startswith("weasyprint")]:
        if getattr(module, name, None) is old:
            setattr(module, name, new)
