"""Weights, optimiser, weight average and schedule: everything that a training step changes."""

import numpy as np
import torch

import checkpoint
import lessons
from interaction import simulate
from network import Nano, normalise
from precision import Precision
from schedule import Schedule

MAX_BAD_STEPS = 50  # in a row, until a run counts as diverged


def user_seed(seed, rank, step):
    """Seed of the simulated user: another one per process, and after every resume."""
    return int(np.random.SeedSequence([seed, rank, step]).generate_state(1)[0])


def rounds_of(step):
    """Rounds of interaction in a step: 1, 2 or 3; the same in every process."""
    h = (step * 2654435761 % 2**32) / 2**32
    return 1 if h < 0.25 else 2 if h < 0.75 else 3


def freeze_all_but(model, prefix):
    """Leaves only the parameters whose names begin with `prefix` to be trained.

    Batch norms stop to measure: what is frozen shall answer as it does when it is exported.
    """
    model.eval()
    for name, p in model.named_parameters():
        p.requires_grad_(name.startswith(prefix))


def decayed_and_free(model):
    """Parameters with weight decay, and those without: norms, biases, embeddings, tokens.

    Those that are frozen are in neither.
    """
    decayed, free = [], []
    for name, p in model.named_parameters():
        if not p.requires_grad:
            continue
        matrix = p.ndim > 1 and 'embed' not in name and 'tokens' not in name
        (decayed if matrix else free).append(p)
    return decayed, free


class Average:
    """An exponential moving average of weights and batch-norm statistics."""

    def __init__(self, model, limit, values=None):
        live = model.state_dict()
        self.limit = limit
        self.values = {k: v.detach().clone() for k, v in live.items()}
        if values:
            for name, value in self.values.items():
                value.copy_(values[name])
        # state_dict gives the parameters themselves, which are only ever changed in place.
        pairs = [(self.values[k], v) for k, v in live.items()]
        self._means = [a for a, _ in pairs if a.is_floating_point()]
        self._values = [b for _, b in pairs if b.is_floating_point()]
        self._counters = [(a, b) for a, b in pairs if not a.is_floating_point()]

    @torch.no_grad()
    def update(self, step):
        keep = min(self.limit, (1 + step) / (10 + step))
        # A few launches instead of one per tensor, which a GPU would wait for.
        # By differences, so that what is frozen stays as it is to the last bit.
        change = torch._foreach_sub(self._values, self._means)
        torch._foreach_add_(self._means, change, alpha=1 - keep)
        for mean, value in self._counters:
            mean.copy_(value)


class Trainer:
    """Everything that a step changes."""

    def __init__(self, group, options):
        self.group, self.options = group, options
        self.lessons = lessons.from_options(options)
        self.device = torch.device(options.device)
        if self.device.type == 'cuda':
            torch.set_float32_matmul_precision('high')
            torch.backends.cudnn.benchmark = True
        else:
            torch.set_num_threads(options.threads)
        loaded, past = checkpoint.load(options.resume) if options.resume else ({}, {})
        torch.manual_seed(options.seed)
        self.model = Nano(loaded.get('cfg'))
        if loaded:
            # Frozen parts are those that get exported, not the latest ones.
            part = 'ema' if options.only or 'model' not in loaded else 'model'
            self.model.load_state_dict(loaded[part])
        self.model.to(self.device, memory_format=torch.channels_last).train()
        if options.only:
            freeze_all_but(self.model, options.only)
        # Compiled outside of the model, so that the names in the checkpoint stay as they are.
        self.encode = self.model.encoder
        if options.compile:
            self.encode = torch.compile(self.model.encoder)

        decayed, free = decayed_and_free(self.model)
        self.parameters = decayed + free
        groups = [
            {'params': decayed, 'weight_decay': options.wd},
            {'params': free, 'weight_decay': 0.0},
        ]
        # One kernel for all parameters; torch 1 has none.
        fused = self.device.type == 'cuda' and hasattr(torch, 'compile')
        faster = {'fused': True} if fused else {}
        self.optimiser = torch.optim.AdamW(groups, lr=options.lr, betas=(0.9, 0.98), **faster)
        moments = loaded.get('moments', {})
        if len(moments) == len(self.parameters):
            fresh = self.optimiser.state_dict()
            self.optimiser.load_state_dict({**fresh, 'state': moments})

        self.precision = Precision(options.precision, self.device)
        self.precision.load(past.get('scaler'))
        self.average = Average(self.model, options.ema, loaded.get('ema'))
        self.step = self.session_step = loaded.get('step', 0)
        self.schedule = Schedule(options, self.step, past.get('schedule'))
        self.hours_before = past.get('hours', 0.0)
        self.hours_since_step = past.get('hours_since_step', self.step)
        self.bad_steps = 0
        torch.manual_seed(user_seed(options.seed, group.rank, self.step))

    def hours(self):
        """Hours of training, all sessions since `hours_since_step` together."""
        return self.hours_before + self.schedule.session_seconds() / 3600

    def learn(self, batch, rate, statistics):
        """One step on one batch; returns the loss (on the device)."""
        pictures, targets, boxes = (t.to(self.device, non_blocking=True) for t in batch)
        for entry in self.optimiser.param_groups:
            entry['lr'] = rate
        count, objects, side = targets.shape[0], targets.shape[1], pictures.shape[1]
        targets = targets.flatten(0, 1).float() / 255
        index = torch.arange(count, device=self.device).repeat_interleave(objects)
        with self.precision.context():
            features = self.encode(normalise(pictures))
            loss = simulate(
                self.model,
                features,
                index,
                targets,
                boxes.flatten(0, 1),
                side,
                rounds_of(self.step),
                statistics,
                self.lessons,
            )
        self.optimiser.zero_grad(set_to_none=True)
        self.precision.backward(loss, self.optimiser)
        self.group.average(self.parameters)
        norm = torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        if self.precision.step(self.optimiser, norm):
            self.bad_steps = 0
        else:
            self.bad_steps += 1
            print('step %d: the gradient is not finite, step skipped' % self.step, flush=True)
            if self.bad_steps == MAX_BAD_STEPS:
                raise RuntimeError(
                    '%d steps in a row without a finite gradient; resume with a lower --lr or '
                    'with --precision fp32' % MAX_BAD_STEPS
                )
        self.step += 1
        if self.group.rank == 0:
            self.average.update(self.step)
        return loss.detach()

    def tensors(self):
        """The part of a checkpoint that is tensors; 'ema' is what gets exported."""
        return {
            'model': self.model.state_dict(),
            'ema': self.average.values,
            'moments': self.optimiser.state_dict()['state'],
            'step': self.step,
            'cfg': self.model.config,
        }

    def details(self):
        """The rest of it: how it came to be, and where in its plan it stands."""
        return {
            'schedule': self.schedule.state(),
            'scaler': self.precision.state(),
            'hours': self.hours(),
            'hours_since_step': self.hours_since_step,
            'options': vars(self.options),
            'versions': checkpoint.versions(),
        }
