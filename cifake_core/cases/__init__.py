"""Cases: the history of verdicts, findings of an analyst, and cases of both."""
