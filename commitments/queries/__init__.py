"""Questions to the database that services and pages both ask: who owes what, whom a round asks, how long forms take."""
