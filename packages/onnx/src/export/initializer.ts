import {
  type ChannelScales,
  elementCount,
  formatShape,
  type StoredType,
  type WeightStore,
} from '@samgpu/graph';
import { type ElementType, STORED_BYTES } from '../format/element-type.ts';
import type { OnnxTensorHeader } from '../format/messages.ts';
import { OnnxError } from '../onnx-error.ts';

/** A tensor whose elements the model brings along. */
export interface Initializer extends OnnxTensorHeader {
  readonly byteLength: number;
  /** Its elements, little-endian, or the weight that they are read from when they are written. */
  readonly source: Uint8Array | WeightSource;
}

export interface WeightSource {
  readonly path: string;
  readonly stored: StoredType;
  readonly shape: readonly number[];
  readonly scales?: ChannelScales | undefined;
}

interface Storage {
  readonly elementType: ElementType;
  /** Bytes of one element in the model. */
  readonly bytes: number;
}

/**
 * How a stored weight is written. What is not f32 is cast to it inside the model, so that f16
 * weights take no more room there than in the checkpoint.
 *
 * Doubles become floats: they run as f32 everywhere, and half of their bytes would be dead weight.
 */
const STORAGE: { readonly [Type in StoredType]: Storage } = {
  f64: { elementType: 'float', bytes: 4 },
  f32: { elementType: 'float', bytes: 4 },
  f16: { elementType: 'float16', bytes: 2 },
  bf16: { elementType: 'bfloat16', bytes: 2 },
  i64: { elementType: 'int64', bytes: 8 },
  i32: { elementType: 'int32', bytes: 4 },
  i16: { elementType: 'int16', bytes: 2 },
  i8: { elementType: 'int8', bytes: 1 },
  u8: { elementType: 'uint8', bytes: 1 },
  bool: { elementType: 'bool', bytes: 1 },
};

export function weightInitializer(name: string, source: WeightSource): Initializer {
  const { elementType, bytes } = STORAGE[source.stored];
  return {
    name,
    elementType,
    shape: source.shape,
    byteLength: elementCount(source.shape) * bytes,
    source,
  };
}

/**
 * The bytes of an initializer as the model holds them. They may be a view into the store.
 *
 * @throws OnnxError with code `weights` where the store gives another number of bytes
 */
export async function initializerBytes(
  { source }: Initializer,
  weights: WeightStore,
): Promise<Uint8Array> {
  if (source instanceof Uint8Array) {
    return source;
  }
  const bytes = await weights.read(source.path);
  const wanted = elementCount(source.shape) * STORED_BYTES[source.stored];
  if (bytes.byteLength !== wanted) {
    throw new OnnxError(
      'weights',
      `"${source.path}" gave ${bytes.byteLength} bytes, wanted ${wanted} for ${source.stored} ` +
        `${formatShape(source.shape)}; the weight file may be cut short`,
    );
  }
  return source.stored === 'f64' ? doublesToFloats(bytes) : bytes;
}

function doublesToFloats(bytes: Uint8Array): Uint8Array {
  const source = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const result = new DataView(new ArrayBuffer(bytes.byteLength / 2));
  for (let offset = 0; offset < bytes.byteLength; offset += 8) {
    result.setFloat32(offset / 2, source.getFloat64(offset, true), true);
  }
  return new Uint8Array(result.buffer);
}
