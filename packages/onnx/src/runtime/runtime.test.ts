import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { createOnnxBackend } from './onnx-backend.ts';
import { host } from './host-node.ts';
import type { Host } from './host.ts';
import { loadRuntime } from './runtime.ts';

// Fails with the error that a package which is not installed gives.
const withoutNative: Host = {
  ...host,
  loadNative: async () => createRequire(import.meta.url)('onnxruntime-node/not-installed'),
};

test('takes onnxruntime-node where it is installed', async () => {
  const { kind, threads, reason } = await loadRuntime({}, host);
  expect({ kind, reason }).toEqual({ kind: 'node', reason: 'it is installed' });
  expect(threads).toBe(Math.min(host.cores, 8));
});

test('takes onnxruntime-web where it is not, and says so', async () => {
  const { kind, reason } = await loadRuntime({}, withoutNative);
  expect({ kind, reason }).toEqual({ kind: 'web', reason: 'onnxruntime-node is not installed' });
});

test('a native library that does not load is no reason to fail either', async () => {
  const broken: Host = {
    ...host,
    loadNative: () => Promise.reject(new Error('libc is too old\nRequire stack: ...')),
  };
  const { kind, reason } = await loadRuntime({}, broken);
  expect({ kind, reason }).toEqual({
    kind: 'web',
    reason: 'onnxruntime-node cannot be loaded: libc is too old',
  });
});

test('does not take another one than was asked for', async () => {
  await expect(loadRuntime({ runtime: 'node' }, withoutNative)).rejects.toMatchObject({
    name: 'OnnxError',
    code: 'runtime',
    message: expect.stringMatching(/not installed; install the package onnxruntime-node/),
  });
});

test('says which part of onnxruntime-web is missing', async () => {
  const nothing: Host = {
    ...withoutNative,
    loadWeb: () => Promise.reject(new Error('404 for ort.wasm.bundle.min.mjs')),
  };
  await expect(loadRuntime({}, nothing)).rejects.toMatchObject({
    code: 'runtime',
    message: expect.stringContaining('404 for ort.wasm.bundle.min.mjs'),
  });
});

test('one thread in a page that is not isolated, with what to do about it', async () => {
  const page: Host = {
    ...withoutNative,
    wasmThreads: { available: false, reason: 'the page is not cross-origin isolated' },
    tellsCacheSize: false,
    // A module of its own, because the number of threads is set once for each.
    loadWeb: async () => ({ ...(await host.loadWeb()), env: { wasm: {}, versions: {} } as never }),
  };
  const { threads, reason } = await loadRuntime({ threads: 4 }, page);
  expect(threads).toBe(1);
  expect(reason).toBe(
    'onnxruntime-node is not installed; one thread, because the page is not cross-origin isolated',
  );
});

test('the first backend on onnxruntime-web sets the threads of all', async () => {
  const first = await createOnnxBackend({ runtime: 'web', threads: 2 });
  const second = await createOnnxBackend({ runtime: 'web', threads: first.threads + 1 });
  expect(second.threads).toBe(first.threads);
  expect(second.reason).toContain('the number of the first backend');
  first.dispose();
  second.dispose();
});

test('runs on a module that the caller loaded', async () => {
  const backend = await createOnnxBackend({
    module: await import('onnxruntime-web'),
    executionProviders: ['wasm'],
  });
  expect(backend).toMatchObject({
    kind: 'onnx',
    runtime: 'web',
    description: 'onnx (onnxruntime-web, WASM)',
  });
  backend.dispose();
});

test('describes itself', async () => {
  const backend = await createOnnxBackend();
  expect(backend.description).toBe('onnx (onnxruntime-node, CPU)');
  expect(backend.runtime).toBe('node');
  backend.dispose();
});
