import { formatBytes, messageOf, WebGpuError } from '../webgpu-error.ts';

/**
 * Calls `make`, which creates objects of a device without waiting for anything, and throws what the
 * device has to say about them.
 *
 * Scopes are one stack per device. They are opened and closed without an await in between, so that
 * they hold nothing of anybody else's, even on a shared device.
 *
 * @param what - what is made, for messages: `the weights of "sam.encoder"`
 * @param bytes - how much memory it takes
 * @throws WebGpuError `out-of-memory` or `validation`
 */
export async function withErrorScopes<T>(
  device: GPUDevice,
  what: string,
  bytes: number,
  make: () => T,
): Promise<T> {
  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  let made: T | undefined;
  let thrown: unknown;
  try {
    made = make();
  } catch (error) {
    thrown = error;
  }
  const [invalid, memory] = await Promise.all([device.popErrorScope(), device.popErrorScope()]);
  // A buffer that is mapped at once takes memory of JavaScript as well.
  const isFull = memory !== null || thrown instanceof RangeError;
  if (isFull) {
    throw new WebGpuError(
      'out-of-memory',
      `${what} takes ${formatBytes(bytes)}, which there is no room for: ` +
        `${memory?.message ?? messageOf(thrown)}; dispose of other models, or take a smaller one`,
      { cause: thrown, sizes: { got: bytes } },
    );
  }
  if (thrown !== undefined) {
    throw thrown as Error;
  }
  if (invalid !== null) {
    throw new WebGpuError('validation', `WebGPU refused ${what}: ${invalid.message}`);
  }
  return made as T;
}
