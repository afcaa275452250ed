"""eventsys: registration, check-in and attendance figures for associations of city governments."""
