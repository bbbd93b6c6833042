"""What PDF/UA asks for and WeasyPrint leaves out, added to a PDF just before it is written."""

from typing import Any

import pydyf

from reporting.rendering import joined_tags


def finish(document: Any, pdf: pydyf.PDF) -> None:
    """Join what pages divide, let links print, let header cells say for what they are heads, and keep running heads out of
    what is read aloud.
    """
    objects = {item.reference: item for item in pdf.objects if item.number}
    dictionaries = {key: item for key, item in objects.items() if isinstance(item, pydyf.Dictionary)}
    root = dictionaries.get(pdf.catalog.get("StructTreeRoot"))
    if root:
        joined_tags.join(dictionaries, dictionaries[root["K"][0]])
    for item in dictionaries.values():
        if item.get("Subtype") == "/Link":
            item["F"] = 4
        elif item.get("S") == "/TH":
            rows = dictionaries.get(dictionaries.get(item["P"], {}).get("P"), {})
            item["A"]["Scope"] = "/Column" if rows.get("S") == "/THead" else "/Row"
    links = [item for item in dictionaries.values() if item.get("S") == "/Link"]
    for item in [link for link in links if _is_in_link(link, dictionaries)]:
        item["S"] = "/Span"  # its link was merged into the one around it
    if root:
        _quieten_running_heads(pdf, objects, root)


def _is_in_link(item: pydyf.Dictionary, dictionaries: dict[bytes, pydyf.Dictionary]) -> bool:
    above = dictionaries.get(item["P"], {})
    while above.get("S") == "/Span":
        above = dictionaries.get(above["P"], {})
    return bool(above.get("S") == "/Link")


def _quieten_running_heads(pdf: pydyf.PDF, objects: dict[bytes, Any], root: pydyf.Dictionary) -> None:
    """Mark what no reader of the tag tree can reach, heads and page numbers, as belonging to the page and not to the text.

    WeasyPrint makes structure elements for the boxes in a page's margins and does not hang them into the tree. Neither are the
    heads that a table repeats.
    """
    top = root["K"][0]
    hung = set(objects[top]["K"])
    loose = {
        reference
        for reference, item in objects.items()
        if isinstance(item, pydyf.Dictionary) and item.get("P") == top and "S" in item and reference not in hung
    }
    waiting = list(loose)
    while waiting:
        for kid in objects[waiting.pop()].get("K", ()):
            if isinstance(kid, bytes) and kid not in loose:
                loose.add(kid)
                waiting.append(kid)
    numbers = objects[root["ParentTree"]]["Nums"]
    for place, page in enumerate(pdf.page_references):
        marks = numbers[2 * place + 1]
        quiet = {mark for mark, reference in enumerate(marks) if reference in loose}
        if not quiet:
            continue
        stream = objects[objects[page]["Contents"]].stream
        for at, item in enumerate(stream):
            if isinstance(item, pydyf.Dictionary) and item.get("MCID") in quiet:
                stream[at - 1 : at + 1] = ["/Artifact", pydyf.Dictionary({"Type": "/Pagination"})]
        for mark in quiet:
            marks[mark] = b"null"
