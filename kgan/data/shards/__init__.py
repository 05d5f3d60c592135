"""Data sets on the disk, larger than memory: `prepare` writes them, `load` reads them.

OUT/shards.json               the manifest: what the data are, and every file of them
OUT/train/00000.array_record  pictures, one a record, of a part of the rows
OUT/train/00000.json          the file's digest, and what it was made of
OUT/train/label.npy           a column of all rows; memory-mapped
"""
