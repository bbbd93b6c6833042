"""Examples in the API's description: for each operation an answer as it could be, made from the shape of the answer.

Invented organisations and figures; no value is anybody's. Where a name has no sample here, its type decides.
"""

from typing import Any, Final

SITE: Final = "https://portal.example.org"
SAMPLES: Final[dict[str, Any]] = {
    "absent_reason": "",
    "addressee": "The county council",
    "beneficiaries": "Small community groups",
    "caption": "The repaired hall",
    "code": "1.1a",
    "commitment": "1.1",
    "commitment_key": "lend-chairs",
    "commitment_keys": "lend-chairs",
    "commitments": "1.1",
    "count": 1,
    "definition": "Halls that lend furniture to any local group.",
    "description": "A charity that repairs village halls.",
    "former_names": "Rowan Hall Trust",
    "gss_code": "E07000177",
    "id": 12,
    "indicator": "1.1a",
    "key": "lend-chairs",
    "keys": "lend-chairs",
    "label": "On track",
    "lead_officer": "Community Partnerships Officer",
    "mailbox": "hello@rowan-trust.example.org",
    "media_type": "image/jpeg",
    "name": "Rowan Trust",
    "narrative": "Eleven halls lend chairs and tables.",
    "next_steps": "Two more halls join in spring.",
    "number": 1,
    "organisation": "rowan-trust",
    "owner": "oxfordshire-county-council",
    "priority": 1,
    "reason": "Two halls opened late.",
    "reference": "1.1",
    "round": "2025-26",
    "scheme": "GB-CHC",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "short_title": "Lend chairs and tables",
    "size": 182044,
    "slug": "rowan-trust",
    "source": "The organisation itself",
    "starts_at": "18:30",
    "story": "Volunteers repaired the hall, which now lends its chairs.",
    "strategy": "our-strategy",
    "summary": "What will be done about places to meet.",
    "title": "Chairs for the village fair",
    "value": 48,
    "version": 3,
    "wording": "Lend chairs and tables to any local group.",
    "words": "Can more halls be lent in the evening?",
}
BY_FORMAT: Final = {
    "date": "2026-03-12",
    "date-time": "2026-03-12T09:30:00+00:00",
    "uri": f"{SITE}/api/v1/",
    "uuid": "6f1c2d5e-8a7b-4c3d-9e0f-1a2b3c4d5e6f",
}
BY_TYPE: Final[dict[str, Any]] = {
    "string": "", "integer": 1, "number": 1.5, "boolean": True, "object": {}, "null": None,
}  # fmt: skip
LEFT_OUT: Final = frozenset({"included"})


def example_of(shape: dict[str, Any], shapes: dict[str, Any], name: str = "") -> Any:
    """Return an example of a shape.

    :param shapes: the components that it may refer to.
    :param name: the field whose shape it is.
    """
    if "$ref" in shape:
        return example_of(shapes[shape["$ref"].rpartition("/")[2]], shapes, name)
    for several in ("allOf", "oneOf", "anyOf"):
        if several in shape:
            return example_of(shape[several][0], shapes, name)
    types = shape.get("type", "object")
    kind = types[0] if isinstance(types, list) else types
    if "enum" in shape:
        return next((word for word in shape["enum"] if word not in ("", None)), shape["enum"][0])
    if kind == "array":
        return [example_of(shape["items"], shapes, name)]
    if "properties" in shape:
        return {
            field: None if field in ("next", "previous") else example_of(inner, shapes, field)
            for field, inner in shape["properties"].items()
            if field not in LEFT_OUT
        }
    sample = SAMPLES.get(name)
    if shape.get("format") in BY_FORMAT:
        return BY_FORMAT[shape["format"]]
    return sample if _is(sample, kind) else BY_TYPE[kind]


def _is(sample: Any, kind: str) -> bool:
    kinds: dict[str, Any] = {"string": str, "integer": int, "number": int | float}
    return kind in kinds and isinstance(sample, kinds[kind])


def add_examples(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Give each operation's good answer an example; a hook of drf-spectacular."""
    shapes = result["components"]["schemas"]
    for operations in result["paths"].values():
        for operation in operations.values():
            for code, answer in operation["responses"].items():
                if code.startswith("2") and (content := answer.get("content", {}).get("application/json")):
                    content["examples"] = {"example": {"value": example_of(content["schema"], shapes)}}
    return result
