"""Jobs: many pictures judged, from files to millions, and what becomes of the rows.

A job takes up where it was stopped or killed, does no picture twice and loses none; a
picture that cannot be judged is a row with a sentence.
"""
