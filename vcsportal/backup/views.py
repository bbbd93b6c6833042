"""The page on which administrators see whether the portal is backed up."""

from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from partners import roles
from partners.models import SecurityEvent
from partners.permissions import check_permission_anywhere
from vcsportal.backup.create import backups
from vcsportal.backup.schedule import FAILED, alarm

BACKUPS_SHOWN: Final = 30


@require_safe
@login_required
@never_cache
def backup_list(request: HttpRequest) -> HttpResponse:
    """The newest backups, how large they are, and the last one that could not be made."""
    check_permission_anywhere(request.user, roles.MANAGE_PEOPLE, "Only an administrator can see the backups.")
    by_itself = bool(settings.BACKUP_FOLDER)
    try:
        found = backups(Path(settings.BACKUP_FOLDER)) if by_itself else []
    except OSError:
        found = []
    failed = SecurityEvent.objects.filter(kind=FAILED).order_by("-at", "-id").first()
    values = {
        "by_itself": by_itself,
        "alarm": alarm(timezone.now()),
        "backups": found[:BACKUPS_SHOWN],
        "failed": failed,
        "made_since": bool(failed and found and found[0].at > failed.at),
    }
    return render(request, "pages/backups.html", values)
