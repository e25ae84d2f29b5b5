"""Components, verdicts, past runs and surveys, as reports are drawn from them."""
