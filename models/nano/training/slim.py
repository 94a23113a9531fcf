"""Keeps of a checkpoint what is needed to train on from it: the averaged weights. 10 MB, not 42.

python3 slim.py --checkpoint run/last.pt --out resume/last.pt
"""

import argparse

import checkpoint


def slim(tensors, details):
    """Tensors and details of a checkpoint without optimiser, latest weights, plan and scaler."""
    kept = {name: tensors[name] for name in ('ema', 'step', 'cfg')}
    return kept, {k: v for k, v in details.items() if k not in ('schedule', 'scaler')}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('--checkpoint', required=True, help='last.pt of a run')
    parser.add_argument('--out', required=True)
    options = parser.parse_args()
    checkpoint.save(options.out, *slim(*checkpoint.load(options.checkpoint)))


if __name__ == '__main__':
    main()
