"""What a run writes: last.pt, run.json, log.jsonl and lines on the terminal."""

import json
import os
import time

import torch

import checkpoint
from interaction import Statistics
from samples import count_scenes


class Reporter:
    """Writes checkpoints, run.json and the log. Only process 0 has one."""

    def __init__(self, trainer):
        self.trainer, options = trainer, trainer.options
        self.folder, self.every = options.out, options.log
        device = 'cpu'
        if trainer.device.type == 'cuda':
            device = torch.cuda.get_device_name(trainer.device)
        self.record = checkpoint.RunRecord(
            self.folder,
            {
                'device': device,
                'precision': trainer.precision.name,
                'options': vars(options),
                'pool': count_scenes(options.pool),
                'plan': trainer.schedule.plan,
                'plan_continued': trainer.schedule.continued,
                'first_step': trainer.step,
                'streams': [],
            },
        )
        self.saved = time.monotonic()
        self._reset()

    def _reset(self):
        self.statistics, self.loss, self.pictures = Statistics(), [], 0
        self.since = time.monotonic()

    def stage(self, stage, seed):
        stream = {'step': self.trainer.step, 'side': stage.side, 'batch': stage.batch, 'seed': seed}
        self.record.session['streams'].append(stream)
        print(
            'side %d, batch %d x %d, samples seeded with %s'
            % (stage.side, stage.batch, self.trainer.group.count, list(seed)),
            flush=True,
        )

    def stepped(self, loss, stage, rate):
        trainer = self.trainer
        self.loss.append(loss)
        self.pictures += stage.batch * trainer.group.count
        if trainer.step % self.every == 0:
            entry = {
                'step': trainer.step,
                'minutes': round(trainer.schedule.elapsed() / 60, 2),
                'side': stage.side,
                'rate': float('%.3g' % rate),
                'loss': round(torch.stack(self.loss).mean().item(), 4),
                **{name: round(v, 4) for name, v in self.statistics.means().items()},
                'pictures_per_second': round(self.pictures / (time.monotonic() - self.since), 1),
            }
            print('  '.join('%s %s' % pair for pair in entry.items()), flush=True)
            with open(os.path.join(self.folder, 'log.jsonl'), 'a') as file:
                file.write(json.dumps(entry) + '\n')
            self._reset()
        if time.monotonic() - self.saved > trainer.options.save:
            self.save()

    def save(self):
        trainer = self.trainer
        path = os.path.join(self.folder, 'last.pt')
        checkpoint.save(path, trainer.tensors(), trainer.details())
        self.record.update(
            last_step=trainer.step,
            session_hours=round(trainer.schedule.session_seconds() / 3600, 4),
            hours=round(trainer.hours(), 4),
            hours_since_step=trainer.hours_since_step,
        )
        self.saved = time.monotonic()
