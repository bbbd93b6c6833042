"""Every write of the commitments floor.

``evidence`` is the front of three modules (what was done, its files, what officers decide on it): it re-exports what
views, the API and other services call. All others are called by their own names, such as ``commitment_people`` (who
does what), ``progress`` (status and updates), ``update_approval`` and ``rounds``. ``*_transitions`` and
``indicator_history`` hold the steps that services share; nothing outside this package calls them.
"""
