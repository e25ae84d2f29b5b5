"""How a run looks in the terminal: pure functions from facts to lines, and one shell around the display."""
