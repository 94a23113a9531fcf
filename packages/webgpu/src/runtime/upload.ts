import type { WeightStore } from '@samgpu/graph';

import { withErrorScopes } from '../device/error-scopes.ts';
import { BUFFER_USAGE } from '../device/gpu-constants.ts';
import type { PlannedValue, ValueOrigin } from '../plan/program-plan.ts';
import { WebGpuError } from '../webgpu-error.ts';
import type { DeviceState } from './device-state.ts';
import type { Lease } from './lease-cache.ts';

export type StaticOrigin = Extract<ValueOrigin, { kind: 'static' }>;

/**
 * A static tensor on the device, shared with all programs that have it from an equal store.
 *
 * @throws WebGpuError `weights` or `out-of-memory`
 */
export function leaseStatic(
  state: DeviceState,
  { bytes, label }: PlannedValue,
  { tensor, packing }: StaticOrigin,
  store: WeightStore,
): Promise<Lease<GPUBuffer>> {
  const key = [store.fingerprint, packing.name, tensor.key].join('\n');
  return state.statics.lease(key, async () => {
    const packed = packing.pack(await tensor.load(store));
    if (packed.byteLength > bytes) {
      throw new WebGpuError(
        'weights',
        `"${label}" packs to ${packed.byteLength} bytes, ${bytes} were planned`,
      );
    }
    return upload(state.device, packed, bytes, label);
  });
}

/** One tensor at a time is in the memory of JavaScript, and only until it has been copied. */
async function upload(
  device: GPUDevice,
  data: ArrayBufferView,
  bytes: number,
  label: string,
): Promise<GPUBuffer> {
  const buffer = await withErrorScopes(device, `the weight "${label}"`, bytes, () =>
    device.createBuffer({
      label,
      size: bytes,
      usage: BUFFER_USAGE.storage | BUFFER_USAGE.copySource | BUFFER_USAGE.copyDestination,
      mappedAtCreation: true,
    }),
  );
  const source = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  new Uint8Array(buffer.getMappedRange()).set(source);
  buffer.unmap();
  return buffer;
}
