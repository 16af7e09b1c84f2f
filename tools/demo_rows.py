#!/usr/bin/env python3
"""demo_rows.py LIBRARY FOLDER: writes the demo's train.tsv, validation.tsv and test.tsv, which libheed.so holds."""
import ctypes
import pathlib
import sys

library, folder = ctypes.CDLL(sys.argv[1]), pathlib.Path(sys.argv[2])
for part in "train", "validation", "test":
    data, size = ctypes.c_void_p(), ctypes.c_size_t()
    if library.heed_demo_data(ctypes.byref(data), ctypes.byref(size), part.encode(), None) != 0:
        sys.exit("the library has no definitions")
    (folder / f"{part}.tsv").write_bytes(ctypes.string_at(data, size.value))
