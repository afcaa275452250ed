"""What is done with events, one file per verb."""
