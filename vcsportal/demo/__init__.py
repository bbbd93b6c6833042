"""The demo story: five invented years of the real strategy, told through the services. Only for debug."""
