"""Every write about reports: ``editions`` (asking), ``sealing`` (publishing), ``texts`` and ``comments`` (writing)."""
