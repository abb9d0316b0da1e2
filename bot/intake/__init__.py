"""Updates in: by polling or by webhook, stored and acknowledged, and then each handled in one transaction."""
