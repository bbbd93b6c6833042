"""Every write of the upper floor: ``editions`` (asking), ``sealing`` (publishing), ``texts`` and ``comments`` (writing)."""
