"""Checkpoints, and the record of a run (run.json) beside them."""

import datetime
import json
import os
import platform
import shlex
import sys

import cv2
import numpy as np
import torch


def versions():
    return {
        'python': platform.python_version(),
        'torch': str(torch.__version__),
        'numpy': np.__version__,
        'opencv': cv2.__version__,
    }


def save(path, tensors, details):
    """Writes a checkpoint in one step: whoever reads `path` finds the old one or the new one.

    details: plain data. It is stored as JSON text, because the restricted reader of torch 1.13 has
    no floats.
    """
    partial = path + '.tmp'
    with open(partial, 'wb') as file:
        torch.save({**tensors, 'details': json.dumps(details)}, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)


def load(path):
    """Reads a checkpoint onto the CPU: tensors and details. No code in it is run.

    A file that only holds averaged weights ('ema'), 'step' and 'cfg' will do: the optimiser then
    starts anew.
    """
    tensors = torch.load(path, map_location='cpu', weights_only=True)
    return tensors, json.loads(tensors.pop('details', '{}'))


def _now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec='seconds')


class RunRecord:
    """run.json: one entry per session, with what it was started with and how far it came."""

    def __init__(self, folder, session):
        self.path = os.path.join(folder, 'run.json')
        self.sessions = []
        if os.path.exists(self.path):
            with open(self.path) as file:
                self.sessions = json.load(file)['sessions']
        self.session = {
            'started': _now(),
            'command': shlex.join([os.path.basename(sys.argv[0]), *sys.argv[1:]]),
            'versions': versions(),
            **session,
        }
        self.sessions.append(self.session)

    def update(self, **entries):
        self.session.update(entries, written=_now())
        partial = self.path + '.tmp'
        with open(partial, 'w') as file:
            json.dump({'sessions': self.sessions}, file, indent=2)
            file.write('\n')
        os.replace(partial, self.path)
