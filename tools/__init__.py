"""What surrounds the portal on a developer's machine: one front door (`run.py`) and embedded servers."""
