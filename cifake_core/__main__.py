"""The command line: `python -m cifake_core --help`."""

import sys

from cifake_core.cli import main

if __name__ == "__main__":
    sys.exit(main())
