"""Speed, as ratios within one run: the machine is shared and its clock means little from one day to the next."""
