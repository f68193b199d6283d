"""pandas_peer.py SALES STATEMENT: the columns that matching needs, merged by our reference, then by the acquirer's.

The clock starts after the import. Only ASCII columns are read, so that the statement need not be decoded as CP932."""
import json
import sys
import time

import pandas

COLUMNS = ["reference", "acquirer", "brand", "amount"]


def read(path, columns):
    frame = pandas.read_csv(path, header=0, usecols=columns, names=COLUMNS, encoding="latin-1", engine="c",
                            dtype={"reference": object, "acquirer": object,
                                   "brand": "category", "amount": "float64"})
    frame = frame[frame.amount.notna()]  # the trailer has no such column
    frame["amount"] = frame.amount.astype("int64")
    frame["negative"] = frame.amount < 0
    frame["row"] = range(len(frame))
    return frame


def main():
    start = time.perf_counter()
    sales = read(sys.argv[1], [0, 1, 2, 5])
    lines = read(sys.argv[2], [1, 2, 3, 7])
    by_reference = sales.merge(lines[lines.reference.notna()], on=["reference", "negative"], suffixes=("", "_theirs"))
    sales_left = sales[~sales.row.isin(by_reference.row)]
    lines_left = lines[~lines.row.isin(by_reference.row_theirs)]
    by_acquirer = sales_left.merge(lines_left, on=["acquirer", "negative"], suffixes=("", "_theirs"))
    pairs = pandas.concat([by_reference, by_acquirer])
    equal = pairs.amount == pairs.amount_theirs
    counts = {
        "matches": int(equal.sum()),
        "amount_differs": int((~equal).sum()),
        "brand_differs": int((pairs.brand.astype(object) != pairs.brand_theirs.astype(object)).sum()),
        "pos_only": len(sales) - len(pairs),
        "statement_only": len(lines) - len(pairs),
    }
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "counts": counts, "version": pandas.__version__}))


main()
