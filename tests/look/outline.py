"""The bones of some HTML: elements with their classes and roles, to compare our components with GOV.UK's own examples."""

from html.parser import HTMLParser

VOID = {"br", "img", "input", "meta", "link", "hr"}
SIZES = {f"govuk-{part}--{size}" for part in ("label", "fieldset__legend") for size in ("s", "m", "l", "xl")}


class _Bones(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        classes = sorted(set((values.get("class") or "").split()) - SIZES)
        role = f" role={values['role']}" if values.get("role") else ""
        kind = f" type={values['type']}" if values.get("type") else ""
        self.found.append(f"{'  ' * self.depth}{tag}{kind}{role} {' '.join(classes)}".rstrip())
        if tag not in VOID:
            self.depth += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.depth -= 1

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.depth -= 1


def bones(html: str) -> list[str]:
    """Return one line for each element, indented by depth, without the sizes of labels, which we choose ourselves."""
    parser = _Bones()
    parser.feed(html)
    assert parser.depth == 0, f"{parser.depth} elements were not closed"
    return parser.found
