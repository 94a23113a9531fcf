import { type DataType, type DeviceValue, elementCount, type HostValue } from '@samgpu/graph';
import { OnnxError } from '../onnx-error.ts';

/** The backend that a value belongs to. */
export interface ValueOwner {
  /** @throws OnnxError with code `disposed` after the backend was disposed of */
  expectAlive(): void;
}

/** A result of a program, in the memory of JavaScript. */
export class OnnxValue implements DeviceValue {
  readonly shape: readonly number[];
  readonly dtype: DataType;
  readonly bytes: number;
  readonly owner: ValueOwner;
  private data: HostValue['data'] | undefined;

  constructor(owner: ValueOwner, { shape, data }: HostValue) {
    this.owner = owner;
    this.shape = shape;
    this.data = data;
    this.dtype = data instanceof Int32Array ? 'i32' : 'f32';
    this.bytes = 4 * elementCount(shape);
  }

  /** The elements, which are not to be written to. */
  get elements(): HostValue['data'] {
    this.owner.expectAlive();
    if (this.data === undefined) {
      throw new OnnxError(
        'disposed',
        'a value was used after it was disposed of; dispose of it after its last use',
      );
    }
    return this.data;
  }

  async read(): Promise<HostValue> {
    return { shape: this.shape, data: this.elements.slice() };
  }

  dispose(): void {
    this.data = undefined;
  }
}
