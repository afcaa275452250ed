"""Background work: the only commit of a job."""
