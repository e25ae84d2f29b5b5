"""Observation on the control node: what is asked of the recorder, and how its reports look."""
