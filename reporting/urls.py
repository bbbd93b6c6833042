"""Addresses of the report's pages, under ``/reports/``."""

from django.urls import URLPattern, path

from commitments.page_parts.addresses import by_key
from reporting.views import (
    cancelling,
    case_studies,
    changes,
    comments,
    data_schema,
    discarding,
    downloads,
    draft,
    editions,
    handouts,
    linked_data,
    published_files,
    publishing,
    report_texts,
    report_writing,
    verify,
    web_edition,
)

app_name = "reporting"

EDITION = "<int:pk>/"
EDITIONS: list[URLPattern] = [
    path("", editions.edition_list, name="edition-list"),
    path("request/", editions.edition_request, name="edition-request"),
    path(EDITION, editions.edition, name="edition"),
    path(f"{EDITION}progress/", editions.edition_progress, name="edition-progress"),
    path(f"{EDITION}retry/", editions.edition_retry, name="edition-retry"),
    path(f"{EDITION}cancel/", cancelling.cancel, name="edition-cancel"),
]

# What changed between two days; it stands before the reports, so that no round can be called so.
CHANGES: list[URLPattern] = [
    path("of/<slug:slug>/changes/", changes.changes, name="changes"),
]

# What programs need to read the data of a report.
DATA: list[URLPattern] = [
    path("data/schema-<int:version>.json", data_schema.data_schema, name="data-schema"),
    path(f"{EDITION}dataset.jsonld", linked_data.dataset, name="edition-dataset"),
]

# Files of an edition, and the same facts as pages.
FACES: list[URLPattern] = [
    path(f"{EDITION}report.pdf", downloads.download, {"code": "pdf"}, name="edition-download"),
    path(f"{EDITION}files/<slug:code>/", downloads.download, name="face"),
    path("of/<slug:slug>/<slug:name>/", web_edition.report, name="report"),
    path(f"{EDITION}read/", web_edition.edition_read, name="edition-read"),
    path("of/<slug:slug>/<slug:name>/easy/", web_edition.report, {"easy": True}, name="report-easy"),
    path(f"{EDITION}easy/", web_edition.edition_read, {"easy": True}, name="edition-easy"),
    path(f"{EDITION}photographs/<int:note>/<int:place>.jpg", web_edition.photograph, name="edition-photograph"),
]

# Writing the next report, and what is said of its draft.
OF = "of/<slug:slug>/<slug:name>/"
WRITING: list[URLPattern] = [
    path(f"{OF}write/", report_writing.report_write, name="report-write"),
    path(f"{OF}write/<slug:section>/", report_texts.report_section, name="report-section"),
    path(f"{OF}write/<slug:section>/preview.pdf", draft.report_section_preview, name="report-section-preview"),
    path(f"{OF}write/<slug:section>/comment/", comments.report_comment, name="report-comment"),
    path(f"{OF}draft/", draft.report_draft, name="report-draft"),
    path("comments/<int:pk>/resolve/", comments.report_comment_resolve, name="report-comment-resolve"),
    path("comments/<int:pk>/reopen/", comments.report_comment_reopen, name="report-comment-reopen"),
]

# Publishing and withdrawing by two people, removing a draft, finding out what a file is.
SEALING: list[URLPattern] = [
    path(f"{EDITION}publish/", publishing.publish, name="edition-publish"),
    path(f"{EDITION}withdraw/", publishing.withdraw, name="edition-withdraw"),
    path("files/", published_files.published_files, name="published-files"),
    path(f"{EDITION}check/", published_files.check_now, name="edition-check"),
    path("proposals/<int:pk>/", publishing.proposal, name="proposal"),
    path("proposals/<int:pk>/cancel/", publishing.proposal_cancel, name="proposal-cancel"),
    path(f"{EDITION}discard/", discarding.discard, name="edition-discard"),
    path("verify/", verify.verify, name="verify"),
    path("verify/<str:checksum>/", verify.verify_checksum, name="verify-checksum"),
]

PAPERS: list[URLPattern] = [
    path("strategies/<slug:slug>/commitments/<str:key>/paper-form.pdf", by_key(handouts.paper_form), name="paper-form"),
    path("evidence/<int:pk>/case-study.pdf", case_studies.case_study_pdf, name="case-study-pdf"),
    path("handed-over/<int:pk>/brief.pdf", handouts.hand_over_brief, name="brief"),
]

urlpatterns: list[URLPattern] = [*EDITIONS, *CHANGES, *DATA, *FACES, *WRITING, *SEALING, *PAPERS]
