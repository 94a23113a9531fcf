import { createOnnxBackend } from '@samgpu/onnx';

import type { Place } from './describe.ts';
import { backendRun } from './run.ts';

export async function startOnnx(): Promise<Place> {
  const backend = await createOnnxBackend({ runtime: 'node' });
  return { run: backendRun(backend), stop: () => backend.dispose() };
}
