// The parts of the official network, one by one.
import { describeCases, fixtureCases } from '@samgpu/parity/vitest';

const cases = fixtureCases(import.meta.url, ['modules_sam2']);

// The interpreter takes half a minute, and several times that on a machine that is busy.
describeCases({ backend: 'interpreter', cases, timeout: 300_000 });
describeCases({ backend: 'onnx', cases });
