"""What takes a component off its stage."""
