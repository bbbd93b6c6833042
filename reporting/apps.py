"""The yearly report: its facts, files, publication and verification."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """The yearly report: its facts, files, publication and verification."""

    name = "reporting"

    def ready(self) -> None:
        """Tell public pages about new reports, and consents about the editions that include something."""
        from commitments.reading import consents, pages, public_version
        from commitments.services.consents import when_changed
        from commitments.services.retention import cited_by
        from reporting.reading.editions_with_evidence import editions_holding
        from reporting.reading.evidence_uses import has_report, report_made_at
        from reporting.services.retention import cited_evidence
        from reporting.services.suspensions import consents_changed

        consents.held_by(editions_holding)
        when_changed(consents_changed)
        cited_by(cited_evidence)
        pages.beside_rounds(has_report=has_report(), report_made_at=report_made_at())

        public_version.watch(
            "(SELECT concat(count(*), max(published_at)) FROM reporting_edition WHERE published_at IS NOT NULL)"
        )
        public_version.watch("(SELECT count(*) FROM reporting_withdrawal)")
        public_version.watch("(SELECT max(id) FROM reporting_datasnapshot)")
