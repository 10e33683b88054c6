"""What a label schema may say and what an answer to it may be. Pure: no Django, no clock."""
