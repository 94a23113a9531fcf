import { floats } from './packing.ts';
import type { StaticTensor } from './static-tensor.ts';

/**
 * Several tensors one behind the other as f32, each from a multiple of four elements on.
 *
 * @param tensors - fewer than there are widths leave zeros at the end
 * @param widths - elements of each
 */
export function joinStatics(
  tensors: readonly StaticTensor[],
  widths: readonly number[],
): StaticTensor {
  const starts: number[] = [];
  let length = 0;
  for (const width of widths) {
    starts.push(length);
    length += Math.ceil(width / 4) * 4;
  }
  return {
    key: ['joined', length, ...tensors.map(({ key }) => key)].join('\n'),
    shape: [length],
    type: 'f32',
    label: tensors[0]?.label ?? 'zeros',
    async load(store) {
      const elements = new Float32Array(length);
      for (const [index, tensor] of tensors.entries()) {
        elements.set(floats(await tensor.load(store)), starts[index]);
      }
      return { type: 'f32', elements };
    },
  };
}
