import { describe, expect, test } from 'vitest';

import { parseGpuOptions, parseRequest } from './options.ts';

const none = {
  json: false,
  profile: false,
  filter: undefined,
  scale: undefined,
  runs: undefined,
};

describe('parseRequest', () => {
  test('a subject alone leaves all to the adapter', () => {
    expect(parseRequest(['kernels'])).toEqual({ kind: 'run', subject: 'kernels', options: none });
  });

  test('takes options before and after the subject', () => {
    const args = ['--filter', 'layer-norm', 'models', '--runs=3', '--scale', 'full', '--profile'];
    expect(parseRequest(args)).toEqual({
      kind: 'run',
      subject: 'models',
      options: { ...none, filter: 'layer-norm', runs: 3, scale: 'full', profile: true },
    });
  });

  test('help needs no subject', () => {
    expect(parseRequest(['-h'])).toEqual({ kind: 'help' });
  });

  test.each([
    [
      [],
      '"" is no subject, wanted one of nano, family, matte, studio, track, kernels, models, images, profile, report, page, bundle',
    ],
    [['nano', 'models'], '"nano models" is no subject'],
    [['kernels', '--scale', 'huge'], '--scale is "huge", wanted reduced or full'],
    [['kernels', '--runs', '0'], '--runs is "0", wanted a whole number above 0'],
    [['kernels', '--runs', 'many'], '--runs is "many"'],
    [['kernels', '--run', '3'], "Unknown option '--run'"],
    // What would be ignored in silence.
    [['nano', '--runs', '3'], 'nano takes none of the options'],
    [['nano', '--torch', '.'], '--torch is for the subject family'],
    [['family', '--runs', '3'], 'family takes none of the options'],
  ])('%j is refused', (args, message) => {
    expect(() => parseRequest(args)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(message) }),
    );
  });
});

describe('parseGpuOptions', () => {
  test('takes no subject', () => {
    expect(parseGpuOptions(['--json'])).toEqual({ ...none, json: true });
    expect(() => parseGpuOptions(['models'])).toThrow('"models" is no option');
  });

  test('is undefined where help is wanted', () => {
    expect(parseGpuOptions(['--help'])).toBeUndefined();
  });
});
