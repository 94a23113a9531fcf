// The parts of the official network, one by one.
import { describeCases, fixtureCases } from '@samgpu/parity/vitest';

const cases = fixtureCases(import.meta.url, ['modules_repvit']);

describeCases({ backend: 'interpreter', cases });
describeCases({ backend: 'onnx', cases });
