"""Cities and countries as identifiers, and the resolver of what people type."""
