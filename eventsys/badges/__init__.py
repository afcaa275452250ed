"""What is printed for whom."""
