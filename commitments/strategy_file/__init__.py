"""The file of a strategy, read and checked without the database, and how its commitments are found again."""
