"""Full rollback: an earlier release with the data it had. What `rollback --mode full` adds to the usual act."""
