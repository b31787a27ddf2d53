"""What a clinic sets up before its clients book: what it starts from, what it lacks, and its rules in words."""
