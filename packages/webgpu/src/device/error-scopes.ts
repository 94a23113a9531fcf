import { formatBytes, WebGpuError } from '../webgpu-error.ts';

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
  let made: T;
  let errors: Promise<[GPUError | null, GPUError | null]>;
  try {
    made = make();
  } finally {
    errors = Promise.all([device.popErrorScope(), device.popErrorScope()]);
    // A device that is lost meanwhile is reported by whoever waits for it.
    errors.catch(() => undefined);
  }
  const [invalid, memory] = await errors;
  if (memory !== null) {
    throw new WebGpuError(
      'out-of-memory',
      `${what} needs ${formatBytes(bytes)}, which the device does not have: ${memory.message}`,
      { sizes: { got: bytes } },
    );
  }
  if (invalid !== null) {
    throw new WebGpuError('validation', `WebGPU refused ${what}: ${invalid.message}`);
  }
  return made;
}
