"""Data-parallel training in several CPU processes.

On a CPU, single-threaded processes that average their gradients through shared memory are much
faster than one process with several threads: the tensors are too small to be worth splitting.
"""

import signal
import sys

import torch

TIMEOUT = 600  # seconds that a process waits for the others


class Solo:
    """A group of one."""

    rank, count = 0, 1

    def agree(self, value):
        return value

    def average(self, parameters):
        pass


class Group:
    """One of several processes that keep the same weights by taking the same steps."""

    def __init__(self, rank, shared):
        self.rank, self.shared, self.count = rank, shared, len(shared['gradients'])

    def agree(self, value):
        """The value that process 0 has."""
        if self.rank == 0:
            self.shared['value'][0] = value
        self._meet()
        return self.shared['value'][0].item()

    def average(self, parameters):
        """Replaces each gradient by its mean over the processes.

        Nobody writes to the shared rows before everybody has read them, because the next write
        comes after the next `agree`.
        """
        rows = self.shared['gradients']
        own = [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters]
        flat = torch.cat([g.reshape(-1) for g in own])
        rows = rows[:, : flat.numel()]  # all of it, or less where weights are frozen
        rows[self.rank] = flat
        self._meet()
        mean, start = rows.mean(0), 0
        for p in parameters:
            p.grad = mean[start : start + p.numel()].view(p.shape)
            start += p.numel()

    def _meet(self):
        self.shared['barrier'].wait(TIMEOUT)


def _work(work, rank, shared, arguments):
    work(Group(rank, shared), *arguments)


def launch(count, parameters, work, *arguments):
    """Runs work(group, *arguments) in `count` processes that share `parameters` gradient values."""
    if count == 1:
        work(Solo(), *arguments)
        return
    context = torch.multiprocessing.get_context('fork')
    shared = {
        'gradients': torch.zeros(count, parameters).share_memory_(),
        'value': torch.zeros(1, dtype=torch.float64).share_memory_(),
        'barrier': context.Barrier(count),
    }
    workers = [
        context.Process(target=_work, args=(work, rank, shared, arguments)) for rank in range(count)
    ]
    for worker in workers:
        worker.start()
    # The workers stop by themselves after the current step, once they are asked to.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, frame: [w.terminate() for w in workers])
    while any(worker.is_alive() for worker in workers):
        for worker in workers:
            worker.join(0.5)
        if any(worker.exitcode for worker in workers):
            shared['barrier'].abort()  # or the others would wait for the one that failed
    if any(worker.exitcode for worker in workers):
        sys.exit('a training process failed; the last checkpoint is complete')
