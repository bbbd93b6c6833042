"""Small faults that the tests have to notice, and the command that puts each of them into a copy of the code."""
