import { add, batchNorm, conv2d, interpret, type Tensor, trace, type Weights } from '@samgpu/graph';
import { expectClose, FormulaWeightStore, formulaTensor, seededValues } from '@samgpu/testing';
import { expect, test } from 'vitest';

import { repVitM1 } from './config.ts';
import { mixPixels } from './rep-vit-block.ts';
import { imageEncoderShapes } from './weight-shapes.ts';

const shapes = imageEncoderShapes(repVitM1);
const weights = new FormulaWeightStore(shapes, { seed: 5 });
const PLACE = 'image_encoder.features.2.token_mixer';

/** The same as a sum of three branches, each with its own batch norm. */
function branches(x: Tensor, w: Weights): Tensor {
  const groups = x.shape[3]!;
  const wide = conv2d(x, w.at('conv.c'), { padding: 1, groups });
  const narrow = conv2d(x, w.at('conv1.c'), { groups });
  const sum = add(batchNorm(wide, w.at('conv.bn')), batchNorm(narrow, w.at('conv1.bn')));
  return add(sum, x);
}

test('one convolution does what three branches do', () => {
  const shape = [1, 5, 4, 48];
  const graph = trace('branches', { x: { shape } }, weights.tensors, ({ x }, w) => ({
    joined: mixPixels(x, w.at(PLACE), repVitM1.blocks[1]!),
    apart: branches(x, w.at(`${PLACE}.0`)),
  }));
  const x = { shape, data: seededValues(5 * 4 * 48, 1) };
  const { joined, apart } = interpret(graph, { x }, (path) =>
    formulaTensor(path, shapes.get(path)!, { seed: 5 }),
  );
  // Float64 on both sides, in another order of sums; values are of the order of 1.
  const { maxAbsError } = expectClose(joined!.data, apart!.data, { what: 'joined', limit: 1e-12 });
  expect(maxAbsError).toBeLessThan(1e-12);
  // The middle of the kernel is what joins them: without it nothing would be left of the identity.
  expect(Math.max(...apart!.data)).toBeGreaterThan(0.5);
});
