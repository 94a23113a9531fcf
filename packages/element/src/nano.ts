// Importing this makes `<sam-canvas>` known to the page, with nano, which comes along, as its model.
import { nano } from '@samgpu/nano';

import { defineSamCanvas } from './define-sam-canvas.ts';
import { registerModel } from './model-registry.ts';

registerModel(nano);
defineSamCanvas();

export * from './index.ts';
