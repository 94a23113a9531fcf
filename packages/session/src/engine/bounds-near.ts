import type { Box, Enlargement, Logits, Mask, Size } from '@samgpu/mask';

/**
 * The bounds of a mask, to a cell of its logits where they are known: making all pixels of every
 * candidate to compare their bounds would take longer than the model does.
 */
export function boundsNear(mask: Mask): Box {
  const { logits, enlargement } = mask;
  if (logits === undefined || enlargement === undefined) {
    return mask.bounds;
  }
  const cells = cellBounds(logits, enlargement.threshold ?? 0);
  const scale = pixelsPerCell(logits, enlargement);
  return {
    x: cells.x * scale.width,
    y: cells.y * scale.height,
    width: cells.width * scale.width,
    height: cells.height * scale.height,
  };
}

function cellBounds({ width, height, data }: Logits, threshold: number): Box {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!(data[y * width + x]! > threshold)) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  return right < 0
    ? { x: 0, y: 0, width: 0, height: 0 }
    : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

function pixelsPerCell(logits: Size, { path, size }: Enlargement): Size {
  const [frame, resized] = path.mode === 'two-step' ? [path.frame, path.resized] : [logits, logits];
  return {
    width: (frame.width / logits.width) * (size.width / resized.width),
    height: (frame.height / logits.height) * (size.height / resized.height),
  };
}
