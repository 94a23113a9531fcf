import { expect, test } from 'vitest';

import { isSoftwareAdapter } from './software-adapter.ts';

const unknown = { vendor: '', architecture: '', device: '', description: '' };

test.each([
  { ...unknown, vendor: 'google', architecture: 'swiftshader' },
  { ...unknown, vendor: 'mesa', architecture: 'llvmpipe' },
  { ...unknown, description: 'llvmpipe (LLVM 15.0.6, 256 bits)' },
  { ...unknown, description: 'Microsoft Basic Render Driver' },
  { ...unknown, vendor: 'microsoft', architecture: 'warp' },
  { ...unknown, isFallbackAdapter: true },
])('$vendor $architecture $description is software', (info) => {
  expect(isSoftwareAdapter(info)).toBe(true);
});

test.each([
  { ...unknown, vendor: 'nvidia', architecture: 'ampere', description: 'NVIDIA GeForce RTX 3080' },
  { ...unknown, vendor: 'apple', architecture: 'metal-3' },
  { ...unknown, vendor: 'intel', architecture: 'gen-12lp', description: 'Intel(R) Iris(R) Xe' },
  // Browsers may hide all of it.
  { ...unknown, isFallbackAdapter: false },
])('$vendor $architecture $description is hardware', (info) => {
  expect(isSoftwareAdapter(info)).toBe(false);
});
