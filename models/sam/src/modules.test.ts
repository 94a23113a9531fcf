// The parts of the official network, one by one.
import { describeCases, fixtureCases } from '@samgpu/parity/vitest';

const cases = fixtureCases(import.meta.url, ['modules_sam']);
// Too much for an interpreter.
const large = fixtureCases(import.meta.url, ['sam_vit_h_blocks']);

describeCases({ backend: 'interpreter', cases });
describeCases({ backend: 'onnx', cases: { ...cases, ...large } });
