"""Parameters, multiply-adds and latency of the encoder and of one decoded prompt, on the CPU.

    python3 measure.py --weights ../weights/nano.safetensors --size 384 --threads 2

What a GPU needs is not measured here.
"""

import argparse
import statistics
import time

import torch
from torch.overrides import TorchFunctionMode

import weights

LINEAR = (torch.nn.functional.linear,)
CONVOLUTIONS = (torch.conv2d, torch.nn.functional.conv2d)
PRODUCTS = (torch.matmul, torch.Tensor.matmul, torch.Tensor.__matmul__)


class CountMultiplyAdds(TorchFunctionMode):
    """Adds up the multiply-adds of linear layers, convolutions and matrix products."""

    total = 0

    def __torch_function__(self, function, types, arguments=(), keywords=None):
        result = function(*arguments, **(keywords or {}))
        if function in LINEAR:
            self.total += result.numel() * arguments[1].shape[1]
        elif function in CONVOLUTIONS:
            self.total += result.numel() * arguments[1][0].numel()
        elif function in PRODUCTS:
            self.total += result.numel() * arguments[0].shape[-1]
        return result


def multiply_adds(work):
    with CountMultiplyAdds() as counter:
        work()
    return counter.total


def milliseconds(work, repeat):
    """Best and median time of `work`."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1e3)
    return min(times), statistics.median(times)


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    weights.add_source(parser)
    parser.add_argument('--size', type=int, default=384)
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--repeat', type=int, default=12)
    options = parser.parse_args()
    model, side = weights.from_options(options), options.size
    if model is None:
        parser.error('give --weights or --checkpoint')

    torch.set_num_threads(options.threads)
    picture = torch.randn(1, 3, side, side).to(memory_format=torch.channels_last)
    features = model.encode(picture)
    points, labels = torch.tensor([[[0.0, 0], [0, 0], [100, 90]]]), torch.tensor([[-1, -1, 1]])
    previous = torch.zeros(1, 1, side // 4, side // 4)
    index = torch.zeros(1, dtype=torch.long)

    def encode():
        model.encode(picture)

    def decode():
        model.decode(features, index, points, labels, previous, side)

    print('input %d x %d, torch %s, %d threads' % (side, side, torch.__version__, options.threads))
    for name, module, work in (
        ('encoder', model.encoder, encode),
        ('decoder', model.decoder, decode),
    ):
        parameters = sum(p.numel() for p in module.parameters())
        best, median = milliseconds(work, options.repeat)
        print(
            '%s: %d parameters, %.3f GMAC, best %.1f ms, median %.1f ms'
            % (name, parameters, multiply_adds(work) / 1e9, best, median)
        )


if __name__ == '__main__':
    main()
