"""REST: the door for programs, beside the pages or alone.

Nothing here is imported before somebody asks, but for `mount`: FastAPI takes half a
second, which no page should wait for.
"""
