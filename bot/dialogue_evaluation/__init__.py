"""Plays written conversations against the whole house and says which reach their end."""
