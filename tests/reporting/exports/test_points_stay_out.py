"""Originals of points and contact details are in no fact and so in no export of the report."""

from dataclasses import fields, is_dataclass

import reporting.facts as facts


def test_no_fact_is_called_as_a_contact_or_an_original_of_a_point():
    kinds = [kind for kind in vars(facts).values() if isinstance(kind, type) and is_dataclass(kind)]
    assert len(kinds) > 10
    names = {f"{kind.__name__}.{field.name}" for kind in kinds for field in fields(kind)}
    assert not [name for name in names if name.lower().endswith((".email", ".telephone", ".contact"))]
