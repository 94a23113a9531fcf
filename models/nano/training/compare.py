"""Compares two results of evaluate.py (--json), figure by figure.

    python3 compare.py before.json after.json

Ends with status 1 unless all improved. The error of a gain comes from the gains of the single
objects, those of one picture taken together, because they are not independent.
"""

import argparse
import json
import sys

import numpy as np

SMALLER_IS_BETTER = 'abs_err'
NOT_COMPARED = ('iou_head_bias',)


def clustered_error(gains, cluster):
    """Standard error of the mean of `gains`, those with the same number in `cluster` together."""
    off = np.bincount(cluster, gains - gains.mean())
    count = max(2, len(np.unique(cluster)))
    return float(np.sqrt((off**2).sum() * count / (count - 1)) / len(gains))


def compare(before, after):
    """Rows (figure, before, after, gain, standard error of the gain); a gain above 0 is better."""
    same = ('picture', 'objects', 'pictures', 'size')
    if any(before[k] != after[k] for k in same):
        raise SystemExit('not the same objects: %s' % [(before[k], after[k]) for k in same[1:]])
    rows, cluster = [], np.array(before['picture'])
    for key, old in before['values'].items():
        if key in NOT_COMPARED or key not in after['values']:
            continue
        first, second = np.array(old), np.array(after['values'][key])
        gains = first - second if SMALLER_IS_BETTER in key else second - first
        error = clustered_error(gains, cluster)
        rows.append((key, first.mean(), second.mean(), gains.mean(), error))
    return rows


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('before')
    parser.add_argument('after')
    options = parser.parse_args()
    results = []
    for path in (options.before, options.after):
        with open(path) as file:
            results.append(json.load(file))
    rows = compare(*results)
    for key, before, after, gain, error in rows:
        print('%-26s %.3f -> %.3f  %+.3f (+- %.3f)' % (key, before, after, gain, error))
    worse = [key for key, _, _, gain, _ in rows if gain < -0.00005]
    print('%d objects; worse: %s' % (results[0]['objects'], ', '.join(worse) or 'none'))
    sys.exit(1 if worse else 0)


if __name__ == '__main__':
    main()
