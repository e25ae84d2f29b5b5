"""What the tests of faults share: the table of faults, and a machine of its own that may be killed."""
