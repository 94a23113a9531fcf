/** The tests of this package that hold for any backend. */
import type { HostValue } from '@samgpu/graph';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { absentTokens } from './absent-tokens.ts';
import { attentionCases } from './attention-cases.ts';
import { checkEmbedding, checkEncoderStages, embed } from './check-encoder.ts';
import { checkPrompt } from './check-prompt.ts';
import { decoderCases } from './decoder-cases.ts';
import type { NetworkCase } from './network-case.ts';
import type { Run } from './run.ts';

/** Where graphs run. */
export interface Place {
  readonly run: Run;
  readonly stop?: () => void;
}

const moduleCases = [...attentionCases, ...decoderCases, absentTokens];

/** @param withLarge - whether cases come along that are too much for an interpreter */
export function describeModules(
  name: string,
  start: () => Promise<Place>,
  { withLarge = true }: { readonly withLarge?: boolean } = {},
): void {
  describe(`modules of SAM on ${name}`, () => {
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
    let embedding: HostValue;
    beforeAll(async () => {
      embedding = await embed(network, place().run);
    });

    test('gives the official embedding', async () => {
      await expect(checkEmbedding(network, embedding)).resolves.toBeUndefined();
    });

    test('gives it by the official stages', async () => {
      await expect(checkEncoderStages(network, place().run)).resolves.toBeUndefined();
    });

    test.each(network.prompts)('gives the official masks for $name', async (prompt) => {
      const checked = checkPrompt(network, prompt, embedding, place().run);
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
