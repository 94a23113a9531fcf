import { type FramePrompt, type PromptToken, TokenLabel } from '@samgpu/variant';

const PADDING: PromptToken = { x: 0, y: 0, label: TokenLabel.padding };

/**
 * The tokens of a prompt in SAM's own order: clicks, then the corners of the box, or a padding
 * where there is none (`_embed_points` and `_embed_boxes` of prompt_encoder.py).
 */
export function promptTokens({ points, box }: FramePrompt): PromptToken[] {
  return [...clickTokens(points), ...(box === undefined ? [PADDING] : cornerTokens(box))];
}

export function clickTokens(points: FramePrompt['points']): PromptToken[] {
  return points.map(({ x, y, label }) => ({ x, y, label: TokenLabel[label] }));
}

/** Top left, then bottom right. */
export function cornerTokens(box: NonNullable<FramePrompt['box']>): PromptToken[] {
  return [
    { x: box.left, y: box.top, label: TokenLabel.boxTopLeft },
    { x: box.right, y: box.bottom, label: TokenLabel.boxBottomRight },
  ];
}
