"""What a promotion leaves behind in writing: the request, the page of all components, dates."""
