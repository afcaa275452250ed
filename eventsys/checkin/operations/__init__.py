"""What happens at the door: enrol, scan, undo, revoke."""
