"""Queries that services and pages share: who has something to do, who a round asks, and how long forms take."""
