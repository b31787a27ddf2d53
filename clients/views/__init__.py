"""The clients' screens: the doors, and their account."""
