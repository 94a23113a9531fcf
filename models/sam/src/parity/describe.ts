/** The tests of this package, and of its relatives, that hold for any backend. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { absentTokens } from './absent-tokens.ts';
import { attentionCases } from './attention-cases.ts';
import type { DecoderCase, NetworkCase } from './case.ts';
import { checkEmbedding, checkEncoderStages, embed, type FeatureValues } from './check-encoder.ts';
import { checkPrompt } from './check-prompt.ts';
import { decoderCases } from './decoder-cases.ts';
import type { ModuleCase } from './module-case.ts';
import type { Run } from './run.ts';

/** Where graphs run. */
export interface Place {
  readonly run: Run;
  readonly stop?: () => void;
}

const samModules: readonly ModuleCase[] = [...attentionCases, ...decoderCases, absentTokens];

/** The parts of SAM, one by one. */
export function describeModules(
  name: string,
  start: () => Promise<Place>,
  options: { readonly withLarge?: boolean } = {},
): void {
  describeModuleCases(`SAM on ${name}`, samModules, start, options);
}

/** @param withLarge - whether cases come along that are too much for an interpreter */
export function describeModuleCases(
  what: string,
  moduleCases: readonly ModuleCase[],
  start: () => Promise<Place>,
  { withLarge = true }: { readonly withLarge?: boolean } = {},
): void {
  describe(`modules of ${what}`, () => {
    const place = startedPlace(start);
    const cases = moduleCases.filter(({ isLarge = false }) => withLarge || !isLarge);
    test.each(cases)('$name', async ({ check }) => {
      await expect(check(place().run)).resolves.toBeUndefined();
    });
  });
}

/** The network from the encoder's input to masks at the size of the picture. */
export function describeNetwork(
  name: string,
  start: () => Promise<Place>,
  network: NetworkCase,
): void {
  describe(`${network.golden.name} on ${name}`, () => {
    const place = startedPlace(start);
    let features: FeatureValues;
    beforeAll(async () => {
      features = await embed(network, place().run);
    });

    test('gives the official embedding', async () => {
      await expect(checkEmbedding(network, features)).resolves.toBeUndefined();
    });

    test('gives it by the official stages', async () => {
      await expect(checkEncoderStages(network, place().run)).resolves.toBeUndefined();
    });

    test.each(network.prompts)('gives the official masks for $name', async (prompt) => {
      const checked = checkPrompt(network, prompt, features, place().run);
      await expect(checked).resolves.toBeUndefined();
    });
  });
}

/** A decoder by itself, on features that are no picture's. */
export function describeDecoder(
  name: string,
  start: () => Promise<Place>,
  decoderCase: DecoderCase,
  features: FeatureValues,
): void {
  describe(`${decoderCase.golden.name} on ${name}`, () => {
    const place = startedPlace(start);
    test.each(decoderCase.prompts)('gives the official masks for $name', async (prompt) => {
      const checked = checkPrompt(decoderCase, prompt, features, place().run);
      await expect(checked).resolves.toBeUndefined();
    });
  });
}

function startedPlace(start: () => Promise<Place>): () => Place {
  let place: Place | undefined;
  beforeAll(async () => {
    place = await start();
  });
  afterAll(() => place?.stop?.());
  return () => place!;
}
