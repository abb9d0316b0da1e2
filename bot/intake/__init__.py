"""Updates in: by polling or by webhook, each handled in one transaction and acknowledged after it."""
