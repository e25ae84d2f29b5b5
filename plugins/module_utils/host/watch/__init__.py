"""The watch over a new release."""
