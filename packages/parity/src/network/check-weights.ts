import { formulaTensor } from '@samgpu/testing';

import { asObject, numberAt, numbersAt } from '../core/description.ts';
import { compared } from '../core/stage-list.ts';
import type { CaseRun } from './case-run.ts';

/**
 * The tensors that a checkpoint of the variant has, and the values that the formula gives for them,
 * beside what the case says of the official ones.
 */
export function checkWeights({
  parityCase,
  variant,
  weights,
  stages,
}: Pick<CaseRun, 'parityCase' | 'variant' | 'weights' | 'stages'>): void {
  const described = asObject(parityCase.description['weights'] ?? {}, 'weights');
  const elements = [...weights.tensors.values()].reduce(
    (sum, { shape }) => sum + shape.reduce((product, length) => product * length, 1),
    0,
  );
  if (described['tensor_count'] !== undefined) {
    const wanted = [numberAt(described, 'tensor_count'), numberAt(described, 'element_count')];
    stages.add(
      compared('weights.count', [2], [weights.tensors.size, elements], wanted, { maxAbs: 0 }),
    );
  }
  const checked = Object.entries(
    asObject(described['check'] ?? parityCase.description['weights_check'] ?? {}, 'weights.check'),
  );
  const expected: number[] = [];
  const actual: number[] = [];
  for (const [path, value] of checked) {
    const check = asObject(value, `weights.check.${path}`);
    const shape = numbersAt(check, 'shape');
    const known = weights.tensors.get(path)?.shape;
    if (known?.join() !== shape.join()) {
      const got = known === undefined ? 'nothing' : `[${known.join(', ')}]`;
      stages.fail(`weights.${path}`, `${variant.name} has ${got}, wanted [${shape.join(', ')}]`);
      continue;
    }
    // What a case adds to the formula of some tensors is not in its list.
    const { seed, family, gain, gains } = parityCase.formula;
    const values = formulaTensor(path, shape, {
      seed,
      ...(family && { family }),
      ...(gain !== undefined && { gain }),
      ...(gains && { gains }),
    });
    const [first, last] = ['first4', 'last4'].map((end) =>
      check[end] === undefined ? [] : numbersAt(check, end),
    ) as [readonly number[], readonly number[]];
    expected.push(...first, ...last);
    actual.push(...values.subarray(0, first.length));
    actual.push(...values.subarray(values.length - last.length));
  }
  if (expected.length > 0) {
    stages.add(compared('weights.values', [expected.length], actual, expected, { maxAbs: 0 }));
  }
}
