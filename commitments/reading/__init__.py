"""What pages, API and report read of this floor: the glance, standings, work owed, cards, versions."""
