"""``make load``: the last hour before a round ends, at its own rate and at ten times that, on this machine only."""
