"""Commands of jobs: many pictures into a file, and scans."""
