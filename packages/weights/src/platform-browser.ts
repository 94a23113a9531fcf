import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';

import type { Platform } from './platform.ts';
import { WeightsError } from './weights-error.ts';

const algorithms = { sha256, sha1, md5 } as const;

export const platform: Platform = {
  async openFile(path) {
    throw new WeightsError(
      'unsupported',
      `cannot open ${String(path)}: there is no file system here. ` +
        'Use fetchSource for a URL, or blobSource for a file that the user picked',
    );
  },
  isFolder: async () => false,
  createHash(algorithm) {
    const hash = algorithms[algorithm].create();
    return {
      update(bytes) {
        hash.update(bytes);
      },
      digest: () =>
        Array.from(hash.digest(), (byte) => byte.toString(16).padStart(2, '0')).join(''),
    };
  },
};
