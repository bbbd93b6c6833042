"""The report's cost in a warm process: seconds by stage and peak memory, for the demo's fullest year and ten times its evidence."""

import resource
import sys
import time

import django


def grow(times: int) -> None:
    """Copy every published piece of the fullest year until there are ``times`` as many; only in a database of the bench's own."""
    from commitments.models import Evidence, EvidenceFile

    pieces = list(Evidence.objects.published().in_round(fullest()))
    for _ in range(times - 1):
        for piece in pieces:
            commitments, districts = list(piece.commitments.all()), list(piece.districts.all())
            files = list(EvidenceFile.objects.filter(evidence_id=piece.pk))
            copy = Evidence.objects.get(pk=piece.pk)
            copy.pk, copy.form_token = None, None
            copy.save()
            copy.commitments.set(commitments)
            copy.districts.set(districts)
            for file in files:
                file.pk, file.evidence = None, copy
            EvidenceFile.objects.bulk_create(files)


def fullest():
    """The round with the most published evidence."""
    from commitments.models import Evidence, Round

    return max(
        Round.objects.select_related("strategy__owner"), key=lambda r: Evidence.objects.published().in_round(r).count()
    )


def main(times: int) -> None:
    django.setup()
    from django.db import connection
    from django.utils import timezone

    from commitments.models import Evidence
    from reporting import assembly, rendering
    from reporting.facts import Making
    from reporting.photographs import Photographs

    if times > 1:
        grow(times)
    round_, making = fullest(), Making(at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for run in ("cold", "warm"):
        begun = time.perf_counter()
        report = assembly.assemble(round_=round_, making=making)
        assembled = time.perf_counter()
        html = rendering.to_html(report, photographs=Photographs(report))
        templated = time.perf_counter()
        drawn = rendering.to_pdf(report, photographs=Photographs(report))
        ended = time.perf_counter()
        whole = ended - templated + assembled - begun
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
        pieces = Evidence.objects.published().in_round(round_).count()
        print(
            f"{round_.slug} {pieces:>5} pieces, {run}: {whole:6.2f} s ({assembled - begun:.2f} assembling, "
            f"{templated - assembled:.2f} template, rest layout and writing), {drawn.pages} pages, "
            f"{whole / drawn.pages:.3f} s a page, {len(drawn.content) / 1e6:.2f} MB, HTML {len(html) / 1e6:.2f} MB, peak {peak:.0f} MB"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]))
