"""One class per job; each returns frozen values and talks to the world through `ports`."""
