"""One encrypted, checked file that holds the whole portal: database, files and settings."""
