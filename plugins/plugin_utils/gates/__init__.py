"""Gates: an indicator (a thing measured) with an objective, judged over an export of one commit."""
