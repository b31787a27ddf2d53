"""What owners type about their pets. Forms read and check; they save nothing."""
