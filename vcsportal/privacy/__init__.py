"""People's data: how long it is kept, the job that removes it, what a person can have and have erased."""
