"""Rules and vocabularies: tables of data and small functions, without a database, a request or a clock."""
