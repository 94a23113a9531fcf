"""Weights between two checkpoints of one network: often better than either.

    python3 average.py --checkpoint resume/last.pt --with run/last.pt --share 0.5 --out between.pt

A run that goes on from a checkpoint with other pictures learns them and loses a little of the old
ones; on the way between the two most of the gain stays and the loss goes (Wortsman et al. 2022,
"Robust fine-tuning of zero-shot models"). The result can be exported, and gone on from as from a
slim checkpoint.
"""

import argparse

import checkpoint
from slim import slim


def between(first, second, share):
    """Tensors on the straight way: with share 0 the first ones, with 1 the second.

    Raises ValueError where they are not of one network.
    """
    if first.keys() != second.keys():
        odd = sorted(first.keys() ^ second.keys())[0]
        raise ValueError('only one of the checkpoints has %s' % odd)
    mixed = {}
    for name, tensor in first.items():
        other = second[name]
        if tensor.shape != other.shape:
            raise ValueError('%s is %s and %s' % (name, tuple(tensor.shape), tuple(other.shape)))
        # Counts of batches are no weights.
        mixed[name] = tensor.lerp(other, share) if tensor.is_floating_point() else other
    return mixed


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('--checkpoint', required=True, help='where the way begins')
    parser.add_argument('--with', required=True, dest='other', help='where it ends')
    parser.add_argument('--share', type=float, default=0.5, help='how far to go, 0 to 1')
    parser.add_argument('--out', required=True)
    options = parser.parse_args()
    if not 0 <= options.share <= 1:
        parser.error('--share is %g, wanted 0 to 1' % options.share)
    first, _ = checkpoint.load(options.checkpoint)
    tensors, details = slim(*checkpoint.load(options.other))
    tensors['ema'] = between(first['ema'], tensors['ema'], options.share)
    checkpoint.save(options.out, tensors, details)


if __name__ == '__main__':
    main()
