"""Gets the CC0 models that renders/sources.json names and bakes them into two banks.

    python3 fetch_models.py --out banks

writes banks/models.npz (to train with), banks/held_out.npz (to evaluate with) and banks/models.txt
(every model, with where it comes from). Repositories are cloned with git at the commits in the
list, into --clones (default: OUT/clones), where a folder that is already there is used as it is.
"""

import hashlib
import os
import subprocess

import numpy as np

from clones import clone, git, listed, options_and_sources
from renders.bank import pack_model, save
from renders.gltf import Gltf, UnsupportedError

HERE = os.path.dirname(os.path.abspath(__file__))
POSES = 3  # of a model with animations
MOVES = (
    'idle',
    'walk',
    'run',
    'jump',
    'sit',
    'swim',
    'gallop',
    'eat',
    'attack',
    'wave',
    'interact',
)


def poses(gltf, name):
    """(clip, moment) pairs: a few of the animations that somebody might be seen in."""
    clips = [
        i for i, clip in enumerate(gltf.clips()) if any(move in clip.lower() for move in MOVES)
    ]
    if not clips:
        return [(None, 0.0)]
    rng = np.random.default_rng(list(hashlib.sha256(name.encode()).digest()[:8]))
    chosen = rng.choice(clips, min(POSES, len(clips)), replace=False)
    return [(int(clip), float(rng.uniform(0, 1))) for clip in chosen]


def bake(source, folder):
    """Yields (name, model) for everything of a source that can be read."""
    commit = source['commit']
    for path in listed(source, folder):
        base = os.path.dirname(path)

        def beside(name, base=base):
            return git(
                folder, 'show', '%s:%s' % (commit, os.path.normpath(os.path.join(base, name)))
            )

        try:
            gltf = Gltf(git(folder, 'show', '%s:%s' % (commit, path)), beside)
            for number, (clip, moment) in enumerate(poses(gltf, path)):
                model = pack_model(*gltf.triangles(clip, moment))
                if model is None:
                    print('left out %s: too large, or empty' % path)
                else:
                    yield '%s#%d' % (path, number), model
        except (
            UnsupportedError,
            ValueError,
            KeyError,
            IndexError,
            subprocess.CalledProcessError,
        ) as e:
            print('left out %s: %s: %s' % (path, type(e).__name__, e))


def main():
    path = os.path.join(HERE, 'renders', 'sources.json')
    options, sources = options_and_sources(__doc__, path)

    lines = []
    for file_name, held_out in (('models.npz', False), ('held_out.npz', True)):
        models, names, owners = [], [], []
        chosen = [s for s in sources if bool(s.get('held_out')) == held_out]
        for k, source in enumerate(chosen):
            folder = source['folder']
            clone(source, folder)
            before = len(models)
            for name, model in bake(source, folder):
                models.append(model)
                names.append(name)
                owners.append(k)
                text = '%s %s@%s %s' % (file_name, source['url'], source['commit'], name)
                lines.append('%s %s' % (text, source['licence']))
            print('%s: %d models' % (source['name'], len(models) - before), flush=True)
        save(
            os.path.join(options.out, file_name), models, names, owners, [s['name'] for s in chosen]
        )
        triangles = sum(len(m['parts']) for m in models)
        print('%s: %d models, %d triangles' % (file_name, len(models), triangles))
    with open(os.path.join(options.out, 'models.txt'), 'w') as file:
        file.write('\n'.join(lines) + '\n')


if __name__ == '__main__':
    main()
