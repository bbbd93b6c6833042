"""The middle floor through the API, by the pages' own rules and services."""
