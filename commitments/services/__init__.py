"""Every write of the middle floor: ``planning`` (who does what), ``progress`` (how it stands), ``evidence`` (what was done)."""
