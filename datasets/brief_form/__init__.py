"""The project brief: what is asked, what may be answered, and what follows from the answers. Pure."""
