"""HTTP by audience. The only place where sentences are chosen."""
