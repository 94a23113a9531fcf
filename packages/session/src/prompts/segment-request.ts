import { type Box, type Logits, Mask, rasterizePolygons, type Size } from '@samgpu/mask';
import type { Point } from 'samgpu';

import type { SegmentRequest } from '../engine/engine.ts';
import type { EngineCapabilities } from '../engine/model-description.ts';
import { pathBounds, pointsAlong } from './path.ts';
import { interiorPoint } from './interior-point.ts';
import type { SessionPrompt } from './session-prompt.ts';

/** What a model is asked for these prompts. */
export function segmentRequest(
  prompts: readonly SessionPrompt[],
  image: Size,
  capabilities: EngineCapabilities,
  previous: Logits | undefined,
): SegmentRequest {
  const points: Point[] = [];
  let box: Box | undefined;
  let mask: Mask | Logits | undefined;
  for (const prompt of prompts) {
    switch (prompt.kind) {
      case 'point':
        points.push({ x: prompt.x, y: prompt.y, label: prompt.label });
        break;
      case 'box':
        box = prompt.box;
        break;
      case 'scribble':
        points.push(...pointsAlong(prompt.path, 4).map((at) => ({ ...at, label: prompt.label })));
        break;
      case 'lasso': {
        const ring = prompt.path.map(({ x, y }): [number, number] => [x, y]);
        const region = rasterizePolygons([{ outer: ring, holes: [] }], image.width, image.height);
        const inner = interiorPoint(region);
        if (inner) points.push({ ...inner, label: prompt.label });
        if (prompt.label === 'include') {
          box = pathBounds(prompt.path);
          mask = Mask.fromBitmap(region);
        }
        break;
      }
      case 'mask':
        mask = prompt.mask;
        break;
    }
  }
  if (previous !== undefined) mask = previous;
  const inside = points.filter(({ x, y }) => x < image.width && y < image.height);
  const isClear = inside.length > 1 || box !== undefined || mask !== undefined;
  return {
    ...(inside.length > 0 && { points: inside }),
    ...(box && capabilities.boxes && { box }),
    ...(mask && capabilities.previousMask && { mask }),
    answers: isClear ? 'clear' : 'ambiguous',
  };
}
