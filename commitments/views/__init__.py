"""Doors of the middle floor: fetch what the person may see, make one service call, answer."""
