"""A component with real databases, on a real engine, and what writes into them meanwhile."""
