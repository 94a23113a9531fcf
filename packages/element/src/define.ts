// Importing this makes `<sam-canvas>` known to the page. Give it a model by script.
import { defineSamCanvas } from './define-sam-canvas.ts';

defineSamCanvas();

export * from './index.ts';
