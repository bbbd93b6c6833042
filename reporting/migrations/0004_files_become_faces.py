import json
from hashlib import sha256

from django.db import migrations


def forward(apps, schema_editor):
    """The one file of each finished edition becomes its PDF; the facts get their checksum, as facts.checksum makes it.

    What an edition uses is put on record now, as nothing can be added once it is sealed; paragraphs it had none.
    """
    Edition, Face, Citation = (apps.get_model("reporting", name) for name in ("Edition", "Face", "Citation"))
    for edition in Edition.objects.filter(state="ready").iterator(chunk_size=20):
        canonical = json.dumps(edition.facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        edition.facts_sha256 = sha256(canonical.encode()).hexdigest()
        edition.save(update_fields=["facts_sha256"])
        Face.objects.create(
            edition=edition,
            code="pdf",
            content=edition.content.name,
            size=edition.size or 0,
            pages=edition.pages,
            sha256=edition.sha256,
        )
        Citation.objects.bulk_create(
            Citation(edition=edition, evidence=piece["id"], note=piece["number"], references=piece["references"])
            for piece in edition.facts.get("evidence", [])
        )


class Migration(migrations.Migration):
    dependencies = [("reporting", "0003_faces_and_texts")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
