"""The portal on one day of its demo story, whatever the day is: for pictures that stay the same from year to year.

``PORTAL_DAY`` in the environment names another day, for a journey that goes on in a later year.
"""

import os
from datetime import UTC, date, datetime, time

import time_machine

from tests.shots.day import DAY

day = date.fromisoformat(os.environ.get("PORTAL_DAY", DAY.isoformat()))
time_machine.travel(datetime.combine(day, time(10, 30), UTC), tick=True).start()

from vcsportal.wsgi import application  # noqa: E402, F401 - served by gunicorn, and read after the clock was set
