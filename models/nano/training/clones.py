"""Public repositories that training pictures are made from, at the commits that are named."""

import argparse
import fnmatch
import json
import os
import subprocess


def options_and_sources(description, path):
    """The options, and the sources that a JSON file lists, each with the `folder` of its clone."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('--out', required=True, help='folder; made if it is not there')
    parser.add_argument('--clones', help='folder of clones, each named as its repository')
    options = parser.parse_args()
    clones = options.clones or os.path.join(options.out, 'clones')
    os.makedirs(options.out, exist_ok=True)
    with open(path) as file:
        sources = json.load(file)
    for source in sources:
        source['folder'] = os.path.join(clones, os.path.basename(source['url']))
    return options, sources


def git(folder, *arguments):
    command = ['git', '-C', folder, *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def clone(source, folder):
    """Makes `folder` hold the commit of a source; one that is there already must hold it."""
    if not os.path.exists(folder):
        os.makedirs(folder)
        git(folder, 'init', '-q')
        git(folder, 'fetch', '-q', '--depth', '1', source['url'], source['commit'])
    git(folder, 'cat-file', '-e', source['commit'] + '^{commit}')


def listed(source, folder, kind='models'):
    """Paths of a source's models, or of another kind of file that it names, in order."""
    names = git(folder, 'ls-tree', '-r', '-z', '--name-only', source['commit']).decode().split('\0')

    def wanted(name):
        return any(fnmatch.fnmatchcase(name, p) for p in source[kind]) and not any(
            fnmatch.fnmatchcase(name, p) for p in source.get('without', [])
        )

    return sorted(filter(wanted, names))
