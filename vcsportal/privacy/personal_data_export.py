"""Everything the portal holds about one person, as one zip: a page to read, the same as data, and the files they added.

It is found by following every relation to people, so that a new table is not forgotten. Other people are not named.
"""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any, BinaryIO, Final

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q
from django.template.loader import render_to_string

from commitments.models import EvidenceFile, Point, WorkingCopy
from commitments.models.case_studies import is_case_study_form
from partners.models import User
from reporting.models import Follow
from reporting.services.following import PURPOSE
from vcsportal.common.csv_files import csv_lines
from vcsportal.common.encryption import fingerprints

LABELS: Final = ("partners", "commitments", "reporting", "account", "mfa", "socialaccount")
SECRET: Final = frozenset(
    {"password", "data", "token", "token_secret", "extra_data", "encrypted", "form_token", "key", "facts", "made_with",
     "session_data", "public_id", "code", "checksum", "digest"}
)  # fmt: skip
"""Columns that would let somebody in, or that are not about the person."""
WHERE_FROM: Final = frozenset({"address", "browser", "request_number"})
"""Columns that say where whoever did something was: left out where that was somebody else."""
NAMED: Final = frozenset(
    {"partners.Organisation", "commitments.Commitment", "commitments.Round", "commitments.Strategy",
     "commitments.Evidence", "reporting.Edition", "commitments.Action", "commitments.Indicator"}
)  # fmt: skip
"""Things that are not people, and may be called by their names."""
OF_OTHERS: Final = {
    "commitments.Point": frozenset({"words", "about_words", "closed_why", "taken_down_why"}),
    "commitments.Consent": frozenset({"given_by", "withdrawn_why"}),
    "commitments.Evidence": frozenset({"said_by"}),
}  # fmt: skip
"""Columns that hold what somebody else wrote or who they are, or what was noted about it, in rows that the person only handled."""
OF_OTHERS_UNLESS_OWN: Final = {
    "partners.JoiningRequest": frozenset({"name", "post", "email", "words", "reason"}),
    "partners.Invitation": frozenset({"email", "name", "reason"}),
    "partners.AddressChange": frozenset({"email", "before"}),
    "partners.HistoryEntry": frozenset({"detail"}),
    "partners.SecurityEvent": frozenset({"subject", "detail"}),
}  # fmt: skip
"""The same in tables where other rows are about the person (``person``, or their address): those show everything."""
BY_EMAIL: Final = frozenset(
    {"partners.Complaint", "partners.Invitation", "partners.JoiningRequest", "commitments.PointContact"}
)
"""Tables whose rows may concern somebody who had no account then: they are found by the address (``email``), too."""
OWN_WORDS: Final = frozenset({"words", "about_words"})
"""Those of them that whoever sent a point wrote."""
QUOTED: Final = frozenset({"quotation", "said_by"})
"""What somebody else said, in what the person types into a case study: the speaker may no longer agree to it being read."""
MAX_FILE_BYTES: Final = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class PersonalDataTable:
    """The rows of one table that concern the person. ``titles`` are the columns in words, ``rows`` the values as text."""

    code: str
    title: str
    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def sections(person: User) -> Iterator[PersonalDataTable]:
    """Yield every table with rows that concern the person, their own account first."""
    yield _section(User, User.objects.filter(pk=person.pk), person, "Your account")
    for label in filter(_is_there, LABELS):
        for model in apps.get_app_config(label).get_models():
            asked = Q()
            for field in (*model._meta.fields, *model._meta.many_to_many):
                if field.is_relation and field.related_model is User:
                    asked |= Q(**{field.name: person})
            if model._meta.label in BY_EMAIL:
                asked |= Q(email__iexact=person.email)
            if asked and model is not User:
                table = _section(model, model._default_manager.filter(asked).distinct().order_by("pk"), person)
                if table.rows:
                    yield table
    known = fingerprints(person.email.casefold(), purpose=PURPOSE)
    followed = Follow.objects.filter(follower__fingerprint__in=known).order_by("pk")
    if (table := _section(Follow, followed, person, "What you follow by email")).rows:
        yield table
    wrote = Point.objects.filter(contact__email__iexact=person.email).order_by("pk")
    if (table := _section(Point, wrote, person, "Points that you sent", OWN_WORDS)).rows:
        yield replace(table, code="commitments-point-sent")


def _is_there(label: str) -> bool:
    return any(app.label == label for app in apps.get_app_configs())


def _section(
    model: type[models.Model], rows: Any, person: User, title: str = "", shown: frozenset[str] = frozenset()
) -> PersonalDataTable:
    hidden = SECRET | (OF_OTHERS.get(model._meta.label, frozenset()) - shown)
    fields = [
        field
        for field in model._meta.fields
        if field.name not in hidden and not field.primary_key and not field.generated
    ]
    related = [f.name for f in fields if f.is_relation and f.related_model and f.related_model._meta.label in NAMED]
    if "facts" in {field.name for field in model._meta.fields}:
        rows = rows.defer("facts")
    name = title or str(model._meta.verbose_name_plural).capitalize()
    return PersonalDataTable(
        code=model._meta.label_lower.replace(".", "-"),
        title=name,
        titles=tuple(str(field.verbose_name).capitalize() for field in fields),
        rows=tuple(
            tuple(_value(row, field, person) for field in fields)
            for row in rows.select_related(*related).iterator(chunk_size=200)
        ),
    )


def _is_about(row: Any, person: User) -> bool:
    """Whether a row is about the person, not about somebody else, or nobody in particular."""
    if getattr(row, "person_id", None) is not None:
        return bool(row.person_id == person.pk)
    if row._meta.label in BY_EMAIL:
        return bool(row.email.casefold() == person.email.casefold())
    return str(row._meta.label) == "partners.SecurityEvent"  # what an event without a person concerns is no person's


def _value(row: models.Model, field: Any, person: User) -> str:
    if field.name in OF_OTHERS_UNLESS_OWN.get(row._meta.label, ()) and not _is_about(row, person):
        return ""
    if field.is_relation:
        key = getattr(row, field.attname)
        if key is None:
            return ""
        if field.related_model is User:
            return "you" if key == person.pk else "another person"
        if field.related_model._meta.label in NAMED:
            return str(getattr(row, field.name))
        return f"number {key}"
    if field.name in WHERE_FROM and getattr(row, "by_id", None) not in {None, person.pk}:
        return ""
    value = getattr(row, field.name)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(row, WorkingCopy) and field.name == "fields" and is_case_study_form(row.form):
        value = {name: text for name, text in value.items() if name not in QUOTED}
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    shown = getattr(row, f"get_{field.name}_display", None)
    return str(shown() if shown and field.choices else value)


def export_person(*, at: datetime, person: User, file: BinaryIO, most_bytes: int | None = MAX_FILE_BYTES) -> None:
    """Write the zip into ``file``. Files past ``most_bytes`` together are listed by name and left out; None is no limit."""
    tables = list(sections(person))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as pack:
        added, left_out = _files(pack, person, most_bytes)
        values = {
            "person": person, "at": at, "sections": tables, "files": added, "left_out": left_out,
            "controller": settings.PORTAL_DATA_CONTROLLER, "portal": settings.PORTAL_NAME,
            "officer_email": settings.PORTAL_DATA_PROTECTION_EMAIL,
        }  # fmt: skip
        pack.writestr("index.html", render_to_string("exported/person.html", values))
        data = {
            "exported_at": at.isoformat(), "portal": settings.PORTAL_NAME, "controller": settings.PORTAL_DATA_CONTROLLER,
            "sections": {table.code: [dict(zip(table.titles, row, strict=True)) for row in table.rows] for table in tables},
            "files": added, "files_left_out": left_out,
        }  # fmt: skip
        pack.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=2))
        for table in tables:
            pack.writestr(f"csv/{table.code}.csv", "".join(csv_lines(table.titles, table.rows)))


def _files(pack: zipfile.ZipFile, person: User, most_bytes: int | None) -> tuple[list[str], list[str]]:
    added: list[str] = []
    left_out: list[str] = []
    total = 0
    for file in (
        EvidenceFile.objects.filter(added_by=person, erased_at__isnull=True).order_by("pk").iterator(chunk_size=100)
    ):
        name = f"files/{file.pk}-{PurePosixPath(file.name.replace(chr(92), '/')).name}"
        if (most_bytes is not None and total + file.size > most_bytes) or not default_storage.exists(
            str(file.content.name)
        ):
            left_out.append(name)
            continue
        total += file.size
        with default_storage.open(str(file.content.name)) as source, pack.open(name, "w", force_zip64=True) as target:
            while chunk := source.read(1024 * 1024):
                target.write(chunk)
        added.append(name)
    return added, left_out
