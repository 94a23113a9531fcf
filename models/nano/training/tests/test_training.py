import contextlib
import dataclasses
import io
import json
import os
import pickle
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import torch

import checkpoint
import lessons
import train
from interaction import Statistics, simulate
from network import Nano, normalise
from processes import Solo
from schedule import Schedule, parse_stages
from tests.test_samples import make_tiny_pool
from trainer import Average, Trainer, decayed_and_free

TRAINING = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..')


class Run(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.pool, self.out = os.path.join(folder.name, 'pool'), os.path.join(folder.name, 'run')
        os.makedirs(self.pool)
        make_tiny_pool(self.pool)

    def train(self, *arguments):
        """Trains in a process of its own and returns the checkpoint and the record."""
        command = [sys.executable, 'train.py', '--pool', self.pool, '--out', self.out]
        command += ['--device', 'cpu', '--stages', '1:32x2', '--warmup', '2', *arguments]
        subprocess.run(command, cwd=TRAINING, check=True, stdout=subprocess.DEVNULL)
        with open(os.path.join(self.out, 'run.json')) as file:
            record = json.load(file)
        return *checkpoint.load(os.path.join(self.out, 'last.pt')), record['sessions']

    def options(self, *arguments):
        os.makedirs(self.out, exist_ok=True)
        return train.parse(['--pool', self.pool, '--out', self.out, '--device', 'cpu', *arguments])

    def test_steps_are_repeatable_and_a_plan_ends_where_it_says(self):
        first, _, sessions = self.train('--steps', '3')
        self.assertEqual(first['step'], 3)
        self.assertEqual(sessions[0]['last_step'], 3)
        self.out += '2'
        second, _, _ = self.train('--steps', '3')
        for name, value in first['model'].items():
            torch.testing.assert_close(second['model'][name], value, rtol=0, atol=0)

    def test_resume_restores_weights_moments_and_place_in_the_plan(self):
        tensors, details, _ = self.train('--steps', '3')
        options = self.options('--steps', '3', '--stages', '1:32x2', '--warmup', '2', '--resume')
        trainer = Trainer(Solo(), options)
        self.assertEqual(trainer.step, 3)
        self.assertTrue(trainer.schedule.continued)
        self.assertEqual(trainer.schedule.progress(3), 1)
        self.assertAlmostEqual(trainer.hours(), details['hours'], places=3)
        again = trainer.tensors()
        for part in ('model', 'ema'):
            for name, value in tensors[part].items():
                torch.testing.assert_close(again[part][name], value, rtol=0, atol=0)
        self.assertEqual(len(tensors['moments']), len(trainer.parameters))
        for number, moments in tensors['moments'].items():
            for name, value in moments.items():
                torch.testing.assert_close(again['moments'][number][name], value, rtol=0, atol=0)

    def test_another_plan_starts_over_from_the_same_weights(self):
        self.train('--steps', '2')
        tensors, details, sessions = self.train('--steps', '4', '--resume', '--lr', '1e-4')
        self.assertEqual(tensors['step'], 6)
        self.assertEqual(details['schedule']['first_step'], 2)
        self.assertEqual([s['plan_continued'] for s in sessions], [False, False])

    def test_lessons_and_a_resident_pool(self):
        more = ['--lessons', 'all', '--more-clicks', '1', '--resident', '8', '--no-varied-boxes']
        tensors, details, _ = self.train('--steps', '3', *more)
        self.assertEqual(tensors['step'], 3)
        self.assertEqual(details['options']['resident'], 8)
        taught = Trainer(Solo(), self.options('--steps', '1', *more)).lessons
        self.assertEqual((taught.more_clicks, taught.choice), (1.0, 0.3))
        self.assertTrue(taught.varied_clicks and not taught.varied_boxes)

    def test_two_processes_train_one_model(self):
        tensors, _, sessions = self.train('--steps', '3', '--processes', '2')
        self.assertEqual(tensors['step'], 3)
        self.assertEqual(sessions[0]['options']['processes'], 2)

    def test_a_frozen_network_learns_its_scores_only(self):
        before, _, _ = self.train('--steps', '2')
        self.out += '2'
        start = os.path.join(os.path.dirname(self.out), 'run', 'last.pt')
        more = ['--only', 'decoder.iou.', '--processes', '2', '--absolute', '--resume', start]
        after, _, _ = self.train('--steps', '3', '--lr', '1e-2', *more)
        for name, value in before['ema'].items():
            same = torch.equal(after['ema'][name], value)
            self.assertEqual(same, not name.startswith('decoder.iou.'), name)

    def test_the_delivered_checkpoint_can_be_continued(self):
        last = os.path.join(TRAINING, 'resume', 'last.pt')
        known, _ = checkpoint.load(last)
        tensors, details, _ = self.train('--steps', '1', '--resume', last)
        self.assertEqual(tensors['step'], known['step'] + 1)
        self.assertEqual(details['hours_since_step'], 7775)

    def test_a_non_finite_gradient_changes_no_weight(self):
        trainer = Trainer(Solo(), self.options('--steps', '1', '--precision', 'fp32'))
        before = [p.detach().clone() for p in trainer.parameters]
        for p in trainer.parameters:
            p.grad = torch.full_like(p, float('nan'))
        norm = torch.nn.utils.clip_grad_norm_(trainer.parameters, 1.0)
        self.assertFalse(trainer.precision.step(trainer.optimiser, norm))
        for p, value in zip(trainer.parameters, before):
            torch.testing.assert_close(p.detach(), value, rtol=0, atol=0)

    def test_wrong_options_are_refused(self):
        for wrong in (
            ['--minutes', '1', '--steps', '1'],
            ['--stages', '1:100x4'],
            ['--resume', 'nowhere.pt'],
            ['--precision', 'fp16'],
            ['--only', 'decoder.nothing'],
        ):
            with contextlib.redirect_stderr(io.StringIO()), self.assertRaises(SystemExit):
                self.options(*wrong)


@unittest.skipIf(torch.__version__.startswith('1.'), 'torch 1 cannot draw samples on meta tensors')
class Device(unittest.TestCase):
    def test_every_tensor_of_a_step_follows_the_model(self):
        """The meta device computes nothing, but refuses to mix devices as CUDA does."""
        meta = torch.device('meta')
        model = Nano().to(meta, memory_format=torch.channels_last).train()
        average = Average(model, 0.998)
        parameters = list(model.parameters())
        optimiser = torch.optim.AdamW(parameters)
        pictures = torch.zeros(2, 64, 64, 3, dtype=torch.uint8, device=meta)
        targets, boxes = torch.zeros(4, 16, 16, device=meta), torch.zeros(4, 4, device=meta)
        index = torch.arange(2, device=meta).repeat_interleave(2)
        statistics = Statistics()
        with mock.patch('torch.autocast', lambda *a, **k: contextlib.nullcontext()):
            features = model.encoder(normalise(pictures))
            taught = dataclasses.replace(lessons.ALL, more_clicks=1.0, fine=False)
            loss = simulate(model, features, index, targets, boxes, 64, 3, statistics, taught)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        average.update(1)
        self.assertEqual({pair.device for pair in statistics.sums.values()}, {meta})
        self.assertTrue(all(p.grad is not None for p in parameters))


class Schedules(unittest.TestCase):
    def options(self, **changes):
        options = train.argparse.Namespace(
            lr=1e-3, warmup=10, stages='0.5:64x4,1.5:96x2', steps=100, minutes=None
        )
        for name, value in changes.items():
            setattr(options, name, value)
        return options

    def test_fractions_count_by_their_ratio(self):
        self.assertEqual([s.end for s in parse_stages('0.5:64x4,1.5:96x2')], [0.25, 1])

    def test_rate_rises_then_falls_to_two_percent(self):
        schedule = Schedule(self.options(), 0)
        self.assertAlmostEqual(schedule.rate(0, 0), 1e-4)
        self.assertAlmostEqual(schedule.rate(9, 0), 1e-3)
        self.assertAlmostEqual(schedule.rate(100, 1), 2e-5)

    def test_a_continued_plan_does_not_warm_up_again(self):
        state = Schedule(self.options(), 0).state()
        continued = Schedule(self.options(), 50, state)
        self.assertEqual(continued.progress(50), 0.5)
        self.assertAlmostEqual(continued.rate(50, 0), 1e-3)
        other = Schedule(self.options(lr=5e-4), 50, state)
        self.assertEqual(other.progress(50), 0)
        self.assertAlmostEqual(other.rate(50, 0), 5e-5)


class Checkpoints(unittest.TestCase):
    def test_code_in_a_file_is_not_run(self):
        class Harmful:
            def __reduce__(self):
                return os.mkdir, ('harm',)

        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'x.pt')
            torch.save({'ema': Harmful()}, path)
            with self.assertRaises(pickle.UnpicklingError):
                checkpoint.load(path)

    def test_a_failed_write_leaves_the_old_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'x.pt')
            checkpoint.save(path, {'step': 1}, {'hours': 0.5})
            with self.assertRaises(TypeError):
                checkpoint.save(path, {'step': 2}, {'hours': object()})
            tensors, details = checkpoint.load(path)
        self.assertEqual((tensors['step'], details['hours']), (1, 0.5))

    def test_decay_is_for_matrices_only(self):
        decayed, free = decayed_and_free(Nano())
        self.assertTrue(all(p.ndim > 1 for p in decayed))
        # Label embeddings and output tokens.
        self.assertEqual([tuple(p.shape) for p in free if p.ndim > 1], [(5, 128), (5, 128)])
