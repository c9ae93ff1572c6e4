"""What parsing needs, imported by the fork server before the first worker is forked."""

import transforms.text.charset
import transforms.text.shingles  # noqa: F401
