"""Encrypt the secrets of the second steps that were set up before they were kept encrypted."""

from django.db import migrations

from vcsportal.common.encryption import Unreadable, decrypt, encrypt

PURPOSE = "second step"


def encrypt_secrets(apps, schema_editor):
    for kept in (
        apps.get_model("mfa", "Authenticator").objects.filter(type__in=["totp", "recovery_codes"]).order_by("id")
    ):
        changed = {name: _encrypted(value) for name, value in kept.data.items() if name in {"secret", "seed"}}
        if "migrated_codes" in kept.data:
            changed["migrated_codes"] = [_encrypted(code) for code in kept.data["migrated_codes"]]
        kept.data = {**kept.data, **changed}
        kept.save(update_fields=["data"])


def _encrypted(text):
    try:
        decrypt(text, purpose=PURPOSE)
    except Unreadable:
        return encrypt(text, purpose=PURPOSE)
    return text


class Migration(migrations.Migration):
    dependencies = [
        ("mfa", "0003_authenticator_type_uniq"),
        ("partners", "0016_sessions"),
    ]

    operations = [migrations.RunPython(encrypt_secrets, migrations.RunPython.noop, elidable=True)]
