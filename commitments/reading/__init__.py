"""What pages, the API and the report read from this floor: the glance, standings, work to do, cards, versions."""
