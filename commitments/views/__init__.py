"""Views: fetch what the person may see, make one service call, answer."""
