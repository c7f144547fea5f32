"""The frozen program's entry: what `python -m wsinspector` does."""

import sys

from wsinspector.__main__ import main

sys.exit(main())
