"""What is done with registrations, one file per verb."""
