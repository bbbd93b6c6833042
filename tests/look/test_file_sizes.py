"""A file's size is written as people write it."""

import pytest

from vcsportal.templatetags.portal import as_file_size


@pytest.mark.parametrize(("count", "said"), [
    (None, ""), (0, "0 bytes"), (1, "1 byte"), (1_023, "1,023 bytes"), (1_024, "1 KB"), (622_700, "608 KB"), (1_048_063, "1,023 KB"), (1_048_064, "1 MB"),
    (1_258_291, "1.2 MB"), (2_097_152, "2 MB"), (3_221_225_472, "3,072 MB"),
])  # fmt: skip
def test_sizes_have_no_fraction_of_a_kilobyte(count, said):
    assert as_file_size(count).replace("\N{NO-BREAK SPACE}", " ") == said
