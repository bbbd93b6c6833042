"""Writing a strategy's file into the portal, a module for each of its parts."""
