"""PostgreSQL, with a limit on every wait. ``base`` is Django's backend; ``DATABASES`` names this package as its engine."""
