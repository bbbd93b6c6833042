"""The portal on one day of its demo story, whatever the day is: for pictures that stay the same from year to year."""

from datetime import UTC, datetime, time

import time_machine

from tests.shots.day import DAY

time_machine.travel(datetime.combine(DAY, time(10, 30), UTC), tick=True).start()

from vcsportal.wsgi import application  # noqa: E402, F401 - served by gunicorn, and read after the clock was set
