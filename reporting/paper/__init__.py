"""The committee paper: its skeleton, its numbered outline, and the two formats that it is written in."""
