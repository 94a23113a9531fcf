import { missingGpu } from 'samgpu';

import { errorDetails } from '../error-details.ts';
import { defaultModel } from '../models/registry.ts';
import { loadSegmenter } from '../segment/load-segmenter.ts';
import type { BackendDiagnosis, Diagnosis } from './diagnosis.ts';
import { findDependency } from './find-package.ts';

export function listBackends(): BackendDiagnosis[] {
  const missing = missingGpu();
  return [
    { name: 'webgpu', available: missing === undefined, detail: missing ?? 'WGSL kernels' },
    ...['onnxruntime-node', 'onnxruntime-web'].map((name): BackendDiagnosis => {
      const found = findDependency('samgpu', '@samgpu/onnx', name);
      return {
        name,
        available: found !== undefined,
        detail: found?.version ?? 'not installed',
      };
    }),
  ];
}

/** Loads a model as `segment` would: what is found installed may still not run. */
export async function chooseBackend(): Promise<Diagnosis['chosen']> {
  const start = performance.now();
  try {
    const segmenter = await loadSegmenter({ model: defaultModel, backend: 'auto' });
    const loadTime = Math.round(performance.now() - start);
    const chosen = { ...segmenter.backend, model: defaultModel, loadTime };
    segmenter.dispose();
    return chosen;
  } catch (error) {
    return { error: errorDetails(error).message };
  }
}
