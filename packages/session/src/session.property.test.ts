/**
 * Random work on a session whose engine answers late, out of order, wrongly or not at all, beside a
 * session that is a few arrays: when all is said they agree, and at no time anything stale is shown.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { action } from './fixtures/action.ts';
import { SessionPair } from './fixtures/session-pair.ts';

test.each([
  ['gives up at once', true],
  ['answers late all the same', false],
])(
  'random work, with an engine that %s when a call is aborted',
  async (_, obedient) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { minLength: 5, maxLength: 60, size: 'max' }),
        async (actions) => {
          const pair = new SessionPair(obedient);
          await pair.start();
          for (const action of actions) await pair.perform(action);
          expect(await pair.settle()).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  },
  120_000,
);
