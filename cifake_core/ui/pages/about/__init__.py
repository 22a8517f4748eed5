"""Parts of the page *About*: what verdicts mean, and who is cited."""
