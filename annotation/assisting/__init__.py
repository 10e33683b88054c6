"""An operator's own network that finds an object from a hint: its card, its frame, its two halves. Pure."""
