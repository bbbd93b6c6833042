"""The demo story: five invented years of the real strategy, created through the services. Only for debug."""
