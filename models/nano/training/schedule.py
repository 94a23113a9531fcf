"""When a training run changes its picture size, how fast it learns, and when it ends."""

import collections
import math
import time

Stage = collections.namedtuple('Stage', 'end side batch')

FINAL_RATE = 0.02  # of the peak rate


def parse_stages(text):
    """`0.4:192x8,0.6:384x4` -> stages; the fractions need not add up to one, their ratio counts."""
    parts, total = [], 0.0
    for part in text.split(','):
        try:
            fraction, size = part.split(':')
            side, batch = size.split('x')
            fraction, side, batch = float(fraction), int(side), int(batch)
        except ValueError:
            raise ValueError(
                'stage %r: wanted <fraction>:<side>x<batch>, such as 0.4:192x8' % part
            ) from None
        if fraction <= 0 or side <= 0 or side % 16 or batch <= 0:
            raise ValueError(
                'stage %r: fraction and batch must be positive, the side a multiple of 16' % part
            )
        total += fraction
        parts.append((total, side, batch))
    return [Stage(end / total, side, batch) for end, side, batch in parts]


class Schedule:
    """Progress from 0 to 1, measured in minutes or, for runs that can be repeated, in steps.

    A run that is resumed with the same plan goes on where it stood; with another plan it begins
    that plan, warm-up included.
    """

    def __init__(self, options, step, state=None):
        self.peak, self.warmup = options.lr, options.warmup
        self.stages = parse_stages(options.stages)
        self.steps, self.seconds = options.steps, (options.minutes or 0) * 60
        length = 'steps %d' % self.steps if self.steps else 'minutes %g' % options.minutes
        self.plan = '%s, stages %s, rate %g' % (length, options.stages, options.lr)
        self.continued = bool(state) and state['plan'] == self.plan
        self.first_step = state['first_step'] if self.continued else step
        self._before = state['seconds'] if self.continued else 0.0
        self._start = time.monotonic()

    def session_seconds(self):
        return time.monotonic() - self._start

    def elapsed(self):
        """Seconds spent on this plan, earlier sessions included."""
        return self._before + self.session_seconds()

    def progress(self, step):
        """0 at the start; from 1 on, the plan is complete."""
        if self.steps:
            return (step - self.first_step) / self.steps
        return self.elapsed() / self.seconds

    def stage(self, progress):
        """Index of the stage that `progress` falls into."""
        last = len(self.stages) - 1
        return next((i for i, s in enumerate(self.stages) if progress < s.end), last)

    def rate(self, step, progress):
        """Learning rate: linear warm-up, then a cosine down to FINAL_RATE of the peak."""
        warm = min(1, (step - self.first_step + 1) / max(1, self.warmup))
        cosine = 0.5 * (1 + math.cos(math.pi * min(1, progress)))
        return self.peak * warm * (cosine * (1 - FINAL_RATE) + FINAL_RATE)

    def state(self):
        return {'plan': self.plan, 'first_step': self.first_step, 'seconds': self.elapsed()}
