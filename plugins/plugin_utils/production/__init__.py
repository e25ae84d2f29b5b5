"""What only a promotion to production asks for: approval, calendar, watch, plan; and demotion. Pure."""
