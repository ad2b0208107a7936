"""What makes the hosted site: fences, the page's runtime, its outputs."""
