import { expect, test } from 'vitest';

import { cacheFolder } from './cache-folder.ts';

test.each([
  { platform: 'linux', environment: {}, folder: '/home/a/.cache/samgpu' },
  { platform: 'linux', environment: { XDG_CACHE_HOME: '/var/c' }, folder: '/var/c/samgpu' },
  { platform: 'linux', environment: { XDG_CACHE_HOME: 'c' }, folder: '/home/a/.cache/samgpu' },
  { platform: 'linux', environment: { XDG_CACHE_HOME: '' }, folder: '/home/a/.cache/samgpu' },
  { platform: 'darwin', environment: {}, folder: '/home/a/Library/Caches/samgpu' },
  {
    platform: 'win32',
    environment: { LOCALAPPDATA: String.raw`C:\Users\a\Local` },
    folder: String.raw`C:\Users\a\Local\samgpu\Cache`,
  },
  { platform: 'win32', environment: {}, folder: String.raw`\home\a\AppData\Local\samgpu\Cache` },
  { platform: 'darwin', environment: { SAMGPU_CACHE: '/models' }, folder: '/models' },
] as const)('on $platform with $environment it is $folder', ({ platform, environment, folder }) => {
  expect(cacheFolder({ platform, environment, home: '/home/a' })).toBe(folder);
});
