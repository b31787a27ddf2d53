"""The owner's screens about pets, by idea."""
