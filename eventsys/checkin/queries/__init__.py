"""Reading for the door: devices, what a code means, the list, the log, the counters."""
