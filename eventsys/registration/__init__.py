"""One person at one event: form, capacity, waiting list, own page, import."""
