"""Clients, pets, weights and care records from a practice system's CSV file: see docs/import.md.

source → the file and its lines; rows → a form for each type of line; check → what is wrong, nothing written;
apply → the writes, in one transaction; report → the words for a person.
"""
