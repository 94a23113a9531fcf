import type { Mask } from 'samgpu';

// Outlines follow the stairs of the pixels; this smooths them and keeps corners.
const TOLERANCE = 0.75;

/** The mask as a drawing of the size of its picture: one path. */
export function svgFile(mask: Mask): string {
  const { width, height } = mask;
  const path = mask.toSvgPath({ tolerance: TOLERANCE });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<path fill-rule="evenodd" fill="#1e90ff" d="${path}"/>
</svg>
`;
}
