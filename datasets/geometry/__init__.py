"""Plane geometry of shapes on a picture, and COCO's run lengths. Pure: no Django, no schema, no clock."""
