"""Parts of the page *Analyze*."""
