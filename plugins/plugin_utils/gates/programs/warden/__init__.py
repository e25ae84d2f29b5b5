"""The warden, a program of its own: starts commands and ends the whole tree of each. Standard library only."""
