import { describe, expect, test } from 'vitest';

import { adapterTitle, folderOf, shareOfPeak } from './gpu-result.ts';

const unknown = {
  vendor: '',
  architecture: '',
  device: '',
  description: '',
  software: false,
  isFallback: false,
  subgroupSizes: undefined,
  features: [],
  limits: {},
};

describe('folderOf', () => {
  // As Dawn names devices.
  test.each([
    [{ vendor: 'nvidia', device: 'nvidia-h200' }, 'nvidia-h200'],
    [{ vendor: 'intel', device: 'iris(R) Xe / TGL' }, 'intel-iris-r-xe-tgl'],
    [{ vendor: 'apple', architecture: 'metal-3' }, 'apple-metal-3'],
    [{ vendor: 'google', device: 'swiftshader-device-subzero-', software: true }, 'swiftshader'],
  ])('%j', (info, folder) => {
    expect(folderOf({ ...unknown, ...info })).toBe(folder);
  });
});

test('adapterTitle tells what is known', () => {
  const dawn = { vendor: 'nvidia', architecture: 'hopper', device: 'nvidia-h200' };
  expect(adapterTitle({ ...unknown, ...dawn, description: 'NVIDIA: 550.90' })).toBe(
    'nvidia-h200 (nvidia hopper, NVIDIA: 550.90)',
  );
  expect(adapterTitle({ ...unknown, vendor: 'apple', architecture: 'metal-3' })).toBe(
    'apple metal-3',
  );
  expect(adapterTitle(unknown)).toBe('a GPU');
});

test('the share of the peak is of arithmetic or memory, whichever bounds the case', () => {
  const peak = { gigaflops: 1000, gigabytesPerSecond: 100 };
  expect(shareOfPeak({ gigaflops: 500, gigabytesPerSecond: 1 }, peak)).toBe(0.5);
  expect(shareOfPeak({ gigaflops: 5, gigabytesPerSecond: 80 }, peak)).toBe(0.8);
});
