"""Trains nano on a pool of procedural scenes.

    python3 make_pool.py --out pool --count 3000 --size 384 --seed 1
    python3 train.py --pool pool --out run --minutes 70 --processes 2
    python3 train.py --pool pool --out run --minutes 30 --resume resume/last.pt --lr 5e-4 \\
        --stages 0.6:384x48,0.4:512x32 --workers 14

A stage f:SxB uses input side S and batch B (per process) for the fraction f of the run. The run
lasts --minutes, or --steps where it must not depend on the speed of the machine. It writes last.pt
(everything needed to continue), run.json (what was run) and log.jsonl (how it went) to --out. End
it early with Ctrl-C or SIGTERM: it saves first.
"""

import argparse
import os
import signal

import torch

import lessons
from interaction import Statistics
from network import Nano
from processes import launch
from reporter import Reporter
from resident import ResidentPool, resident_batches
from samples import batches, count_scenes
from schedule import parse_stages
from trainer import Trainer


def stop_requests():
    """Turns Ctrl-C and SIGTERM into a list that is empty until one arrives."""
    requests = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, frame: requests.append(received))
    return requests


def samples_of(options, stage, seed, trainer, resident):
    """Endless batches for a stage: drawn on the device, or by loader processes."""
    shape = (stage.side, stage.batch, options.objects)
    if resident is not None:
        return resident_batches(resident, *shape, seed, trainer.lessons)
    pinned = trainer.device.type == 'cuda'
    return batches(options.pool, *shape, seed, options.workers, pinned, trainer.lessons)


def run(group, options):
    stopped = stop_requests()
    trainer = Trainer(group, options)
    reporter = Reporter(trainer) if group.rank == 0 else None
    schedule, current, source = trainer.schedule, None, None
    resident = None
    if options.resident:
        resident = ResidentPool(options.pool, options.resident, trainer.device)
    if reporter:
        print('%s on %s' % (schedule.plan, reporter.record.session['device']), flush=True)
        if options.resume:
            how = 'continues' if schedule.continued else 'begins'
            print('resumed at step %d; the plan %s' % (trainer.step, how), flush=True)
    while True:
        # Every process follows process 0: its clock, and the request to stop that it got.
        progress = group.agree(2.0 if stopped else schedule.progress(trainer.step))
        if progress >= 1:
            break
        number = schedule.stage(progress)
        stage = schedule.stages[number]
        if number != current:
            current = number
            seed = (options.seed, group.rank, number, trainer.step)
            del source  # ends the loader processes of the stage before
            source = samples_of(options, stage, seed, trainer, resident)
            if reporter:
                reporter.stage(stage, seed)
        statistics = reporter.statistics if reporter else Statistics()
        rate = schedule.rate(trainer.step, progress)
        loss = trainer.learn(next(source), rate, statistics)
        if reporter:
            reporter.stepped(loss, stage, rate)
    if reporter:
        reporter.save()
        why = 'stopped' if stopped else 'the plan is complete'
        print('%s at step %d, %.2f hours' % (why, trainer.step, trainer.hours()), flush=True)


def parse(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add('--pool', required=True, help='folder that make_pool.py filled')
    add('--out', required=True, help='folder for last.pt, run.json and log.jsonl')
    add('--minutes', type=float, help='length of the run (default 70)')
    add('--steps', type=int, help='length of the run, instead of --minutes')
    add(
        '--resume',
        nargs='?',
        const='',
        help='continue from a checkpoint; without a path from OUT/last.pt',
    )
    add('--stages', default='0.45:192x8,0.35:256x6,0.2:384x4')
    add('--lr', type=float, default=1e-3, help='peak learning rate')
    add('--wd', type=float, default=0.03, help='weight decay of matrices')
    add('--warmup', type=int, default=200, help='steps')
    add('--ema', type=float, default=0.998, help='weight average: what it keeps per step')
    add('--objects', type=int, default=4, help='prompts per picture')
    add('--only', help='train only the parameters with this beginning, such as decoder.iou.')
    lessons.add_options(parser)
    add('--seed', type=int, default=0)
    add('--device', choices=('auto', 'cpu', 'cuda'), default='auto')
    add('--precision', choices=('auto', 'bf16', 'fp16', 'fp32'), default='auto')
    add('--compile', action='store_true', help='torch.compile for the encoder (torch 2)')
    add('--workers', type=int, default=0, help='loader processes; about 14 feed one GPU')
    add(
        '--resident',
        type=int,
        default=0,
        help='scenes kept in the memory of the device (0.9 MB each); samples are drawn there',
    )
    add('--processes', type=int, default=1, help='data-parallel training processes (CPU)')
    add('--threads', type=int, default=1, help='per training process (CPU)')
    add('--save', type=float, default=120, help='seconds between checkpoints')
    add('--log', type=int, default=50, help='steps between lines of the log')
    options = parser.parse_args(arguments)

    if options.minutes and options.steps:
        parser.error('--minutes and --steps exclude each other')
    if not options.minutes and not options.steps:
        options.minutes = 70.0
    try:
        parse_stages(options.stages)
    except ValueError as error:
        parser.error(str(error))
    if options.resume is not None:
        options.resume = options.resume or os.path.join(options.out, 'last.pt')
        if not os.path.exists(options.resume):
            parser.error('--resume: there is no %s' % options.resume)
    if options.device == 'auto':
        options.device = 'cuda' if torch.cuda.is_available() else 'cpu'
    if options.device == 'cuda' and options.processes > 1:
        parser.error('--processes is for CPUs; one GPU is driven by one process and --workers')
    if options.device == 'cuda' and not torch.cuda.is_available():
        parser.error('--device cuda: torch finds no CUDA device')
    if options.resident and options.workers:
        parser.error('--resident draws samples on the device; it takes no --workers')
    if options.precision == 'fp16' and options.device == 'cpu':
        parser.error('--precision fp16 is for CUDA; on a CPU use bf16 or fp32')
    if options.compile and not hasattr(torch, 'compile'):
        parser.error('--compile needs torch 2; this is %s' % torch.__version__)
    if options.only:
        names = [name for name, _ in Nano().named_parameters()]
        if not any(name.startswith(options.only) for name in names):
            parts = sorted({name.rsplit('.', 1)[0] for name in names})
            parser.error('--only: nothing begins with %s; there are %s' % (options.only, parts))
    if not count_scenes(options.pool)['scenes']:
        parser.error('no scenes in %s; make some with make_pool.py' % options.pool)
    return options


def main():
    options = parse()
    os.makedirs(options.out, exist_ok=True)
    parameters = sum(p.numel() for p in Nano().parameters())
    launch(options.processes, parameters, run, options)


if __name__ == '__main__':
    main()
