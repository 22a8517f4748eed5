"""Pictures: reading, preprocessing, filters, corruptions and statistics."""
