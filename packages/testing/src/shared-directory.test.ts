import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, describe, expect, test, vi } from 'vitest';

import { sharedDirectory, sharedPath } from './index.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('sharedDirectory', () => {
  test('is the folder that SAMGPU_SHARED names', () => {
    vi.stubEnv('SAMGPU_SHARED', import.meta.dirname);
    expect(sharedDirectory()).toBe(import.meta.dirname);
    expect(sharedPath('index.ts')).toBe(join(import.meta.dirname, 'index.ts'));
    expect(sharedPath('no', 'such', 'file')).toBeUndefined();
  });

  test('refuses a folder that is not there, rather than skip what was asked for', () => {
    vi.stubEnv('SAMGPU_SHARED', '/no/such/folder');
    expect(() => sharedDirectory()).toThrow('SAMGPU_SHARED is /no/such/folder');
  });

  test('is otherwise the one beside the repository, if it is there', () => {
    vi.stubEnv('SAMGPU_SHARED', '');
    const beside = join(import.meta.dirname, '../../../../shared');
    expect(sharedDirectory()).toBe(existsSync(beside) ? beside : undefined);
  });
});
