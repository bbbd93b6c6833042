"""Questions to the database that services and pages both ask: who has something to do, who a round asks, and how long forms take."""
