import type { PickledTensor } from './pickled-tensor.ts';

type View = Pick<PickledTensor, 'shape' | 'strides'>;

/** Whether the elements lie in the order of the tensor, without gaps. The stride of an axis of length 1 says nothing. */
export function isContiguous({ shape, strides }: View): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) {
      return false;
    }
    expected *= shape[axis]!;
  }
  return true;
}

/**
 * Elements of a tensor that does not lie in order, such as a transposed one, in its order.
 *
 * @param span - the bytes from the tensor's first element to its last
 * @param from - of the tensor, in elements
 * @param count - likewise; the elements must be there
 */
export function gatherElements(
  span: Uint8Array,
  view: View,
  elementSize: number,
  from: number,
  count: number,
): Uint8Array {
  switch (elementSize) {
    case 1:
      return gather(span, new Uint8Array(count), view, from);
    case 2:
      return bytesOf(gather(elementsOf(span, Uint16Array), new Uint16Array(count), view, from));
    case 4:
      return bytesOf(gather(elementsOf(span, Uint32Array), new Uint32Array(count), view, from));
    default: {
      // As pairs of 32 bits: floats could lose the payload of a NaN, and big integers are slow.
      const pairs = {
        shape: [...view.shape, 2],
        strides: [...view.strides.map((stride) => 2 * stride), 1],
      };
      const words = elementsOf(span, Uint32Array);
      return bytesOf(gather(words, new Uint32Array(2 * count), pairs, 2 * from));
    }
  }
}

type Elements = Uint8Array | Uint16Array | Uint32Array;

function gather<Output extends Elements>(
  input: Elements,
  output: Output,
  { shape, strides }: View,
  from: number,
): Output {
  const last = shape.length - 1;
  const index = indexOf(shape, from);
  let place = index.reduce((sum, position, axis) => sum + position * strides[axis]!, 0);
  for (let i = 0; i < output.length; i++) {
    output[i] = input[place]!;
    let axis = last;
    while (axis >= 0) {
      place += strides[axis]!;
      if (++index[axis]! < shape[axis]!) {
        break;
      }
      place -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
      axis--;
    }
  }
  return output;
}

function indexOf(shape: readonly number[], element: number): number[] {
  const index = shape.map(() => 0);
  let rest = element;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return index;
}

function elementsOf<Type extends Uint16Array | Uint32Array>(
  bytes: Uint8Array,
  ArrayType: {
    new (buffer: ArrayBufferLike, offset: number, length: number): Type;
    readonly BYTES_PER_ELEMENT: number;
  },
): Type {
  const size = ArrayType.BYTES_PER_ELEMENT;
  const { buffer, byteOffset, byteLength } =
    bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  return new ArrayType(buffer, byteOffset, byteLength / size);
}

function bytesOf({ buffer, byteOffset, byteLength }: Elements): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
