"""What the launcher of the Flex Template starts: `newsbeam stream` with the template's parameters as its options.

Checked: by tests/deploy, in part: see deploy/dataflow/README.md.
"""

import sys

from pipelines.cli import main

if __name__ == "__main__":
    sys.exit(main(["stream", *sys.argv[1:]]))
