"""Reads sets that `npm run data -- export` wrote with Hugging Face's `datasets`, pyarrow and zipfile, and prints what they find.

    pip install datasets pillow
    npm run data -- export builtin:shapes?count=60 --as parquet --out /tmp/parquet
    python src/data/testing/huggingface/check.py /tmp/parquet /tmp/imagefolder …
"""
import pathlib
import sys

import pyarrow.parquet
from datasets import Audio, Image, load_dataset

for name in sys.argv[1:]:
    folder = pathlib.Path(name)
    sets = load_dataset(str(folder), cache_dir=str(folder.parent / (folder.name + "-cache")))
    for split, rows in sets.items():
        features = dict(rows.features)
        # Sounds are left packed: decoding them takes another package.
        for column, feature in features.items():
            if isinstance(feature, Audio):
                rows = rows.cast_column(column, Audio(decode=False))
        first = rows[0]
        pictures = [
            (column, row[column].size, row[column].mode)
            for column, feature in features.items()
            if isinstance(feature, Image)
            for row in rows
            if row[column] is not None
        ]
        print(folder.name, split, len(rows), features)
        print("  ", {key: value for key, value in first.items() if key not in ("image", "png", "audio", "wav")})
        print("  ", len(pictures), "pictures", pictures[:1])
    for path in sorted(folder.glob("data/*.parquet"))[:1]:
        file = pyarrow.parquet.ParquetFile(path)
        print("  ", path.name, file.metadata.num_rows, "rows", file.metadata.num_row_groups, "groups")
        print("  ", str(file.schema_arrow.remove_metadata()).replace("\n", "; "))
