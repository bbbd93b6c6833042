"""Runs the whole portal on a machine that has no database, no queue and no Node.

Only the standard library is used before ``.venv`` exists (``__main__``, ``say``, ``programs``, ``prepare``). Not used in production.
"""
