import { WeightsError } from '../weights-error.ts';

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function zipError(message: string): WeightsError {
  return new WeightsError(
    'zip',
    `${message}: the archive was damaged or made to deceive. Load it again`,
  );
}

/** @throws WeightsError with code `zip` if a 64-bit number is beyond what any file has */
export function readUint64(view: DataView, offset: number): number {
  const value = view.getBigUint64(offset, true);
  if (value > Number.MAX_SAFE_INTEGER) {
    throw zipError(`a zip64 record has the number ${value}, expected less than 2^53`);
  }
  return Number(value);
}
