"""Read registrations."""
