import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARDED = """
CREATE FUNCTION reporting_proposal_recorded() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.outcome <> '' THEN
      RAISE EXCEPTION 'A proposal begins undecided.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT 1 FROM reporting_edition WHERE id = OLD.edition_id AND published_at IS NOT NULL) THEN
      RAISE EXCEPTION 'Proposal % is the record of a published edition: it can not be removed.', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF OLD.outcome <> '' THEN
    RAISE EXCEPTION 'Proposal % is decided: it can not be changed.', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.id, NEW.edition_id, NEW.act, NEW.reason, NEW.readiness, NEW.proposed_at, NEW.proposed_by_id)
    IS DISTINCT FROM (OLD.id, OLD.edition_id, OLD.act, OLD.reason, OLD.readiness, OLD.proposed_at, OLD.proposed_by_id) THEN
    RAISE EXCEPTION 'What was proposed can not be changed; proposal % can only be decided.', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER reporting_proposal_recorded BEFORE INSERT OR UPDATE OR DELETE ON reporting_proposal
  FOR EACH ROW EXECUTE FUNCTION reporting_proposal_recorded();

CREATE OR REPLACE FUNCTION reporting_sealed_edition() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.published_at IS NOT NULL THEN
      RAISE EXCEPTION 'An edition is not published as it is added: two people publish it.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.published_at IS NOT NULL THEN
    RAISE EXCEPTION 'Edition % is published: it can not be changed or removed.', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF NEW.published_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM reporting_proposal WHERE edition_id = OLD.id AND act = 'publish' AND outcome = 'confirmed'
      AND decided_by_id = NEW.published_by_id AND proposed_by_id <> decided_by_id
  ) THEN
    RAISE EXCEPTION 'Edition % can not be published: nobody has confirmed what another person proposed.', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER reporting_edition_sealed ON reporting_edition;
CREATE TRIGGER reporting_edition_sealed BEFORE INSERT OR UPDATE OR DELETE ON reporting_edition
  FOR EACH ROW EXECUTE FUNCTION reporting_sealed_edition();

CREATE FUNCTION reporting_withdrawal_by_two() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  -- Either somebody proposed to withdraw this very edition, or to publish another one of its round in its place.
  IF NOT EXISTS (
    SELECT 1 FROM reporting_proposal p JOIN reporting_edition proposed ON proposed.id = p.edition_id
      JOIN reporting_edition withdrawn ON withdrawn.id = NEW.edition_id
    WHERE p.outcome = 'confirmed' AND p.decided_by_id = NEW.by_id AND p.proposed_by_id <> p.decided_by_id
      AND ((p.act = 'withdraw' AND p.edition_id = NEW.edition_id)
        OR (p.act = 'publish' AND p.decided_at = NEW.at AND p.edition_id <> NEW.edition_id
          AND proposed.round_id = withdrawn.round_id))
  ) THEN
    RAISE EXCEPTION 'Edition % can not be withdrawn: nobody has confirmed what another person proposed.', NEW.edition_id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER reporting_withdrawal_by_two BEFORE INSERT ON reporting_withdrawal
  FOR EACH ROW EXECUTE FUNCTION reporting_withdrawal_by_two();
"""
AS_BEFORE = """
DROP TRIGGER reporting_withdrawal_by_two ON reporting_withdrawal;
DROP FUNCTION reporting_withdrawal_by_two();
CREATE OR REPLACE FUNCTION reporting_sealed_edition() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF OLD.published_at IS NOT NULL THEN
    RAISE EXCEPTION 'Edition % is published: it can not be changed or removed.', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
DROP TRIGGER reporting_edition_sealed ON reporting_edition;
CREATE TRIGGER reporting_edition_sealed BEFORE UPDATE OR DELETE ON reporting_edition
  FOR EACH ROW EXECUTE FUNCTION reporting_sealed_edition();
DROP TRIGGER reporting_proposal_recorded ON reporting_proposal;
DROP FUNCTION reporting_proposal_recorded();
"""


class Migration(migrations.Migration):
    """From here on the database publishes and withdraws nothing that two people have not meant. What was published before stays so."""

    dependencies = [
        ("reporting", "0007_numbers_never_come_again"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EditionOpening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="openings", to="reporting.edition"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "person"), name="one_opening_of_an_edition_by_a_person")
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.CharField(choices=[("publish", "Publish"), ("withdraw", "Withdraw")], max_length=10)),
                ("reason", models.TextField(blank=True)),
                ("readiness", models.JSONField(default=list)),
                ("proposed_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Waiting for a second person"),
                            ("confirmed", "Confirmed"),
                            ("declined", "Declined"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decision_reason", models.TextField(blank=True)),
                ("decision_readiness", models.JSONField(default=list)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proposals", to="reporting.edition"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "")),
                        fields=("edition",),
                        name="one_proposal_waits_for_an_edition",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("outcome", "")),
                            models.Q(
                                models.Q(("outcome", ""), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="proposal_decided_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome", ""),
                            models.Q(("decided_by", models.F("proposed_by")), ("outcome", "cancelled")),
                            models.Q(
                                ("outcome__in", ["confirmed", "declined"]),
                                models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="proposal_decided_by_a_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("act", "withdraw"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="withdrawal_proposed_with_a_reason",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDED, AS_BEFORE),
    ]
