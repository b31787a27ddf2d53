"""What is measured, beside the framework's floor. `make bench` runs it all and writes bench/RESULTS.md."""
