import { fromCompressedRle, type Logits, Mask } from '@samgpu/mask';

import type { FoundObject, SegmentReply, SegmentRequest } from '../engine.ts';
import { withoutStrays } from '../without-strays.ts';
import type { WireFound, WireMask, WireReply, WireRequest } from './messages.ts';

export function maskToWire(mask: Mask): WireMask {
  const { score, stability, logits } = mask;
  return {
    rle: mask.toRle({ compressed: true }),
    score,
    stability,
    ...(logits && { logits: { width: logits.width, height: logits.height, data: logits.data } }),
  };
}

/** @throws MaskError for what is no mask */
export function maskFromWire({ rle, score, stability, logits }: WireMask): Mask {
  return Mask.fromRle(fromCompressedRle(rle), { score, stability, ...(logits && { logits }) });
}

export function requestToWire({ mask, ...request }: SegmentRequest): WireRequest {
  const wire = mask instanceof Mask ? maskToWire(mask) : mask;
  return { ...request, ...(wire && { mask: wire }), lazy: true };
}

/** @throws MaskError for what is no mask */
export function requestFromWire({ mask, lazy: _, ...request }: WireRequest): SegmentRequest {
  return { ...request, ...(mask && { mask: isWireMask(mask) ? maskFromWire(mask) : mask }) };
}

function isWireMask(mask: WireMask | Logits): mask is WireMask {
  return 'rle' in mask;
}

export function replyToWire({ candidates, milliseconds }: SegmentReply, lazy: boolean): WireReply {
  return {
    milliseconds,
    candidates: candidates.map(({ mask, kind, whole = mask }, i) => {
      const { logits, enlargement, score } = whole;
      const isLazy = lazy && i > 0 && logits !== undefined && enlargement !== undefined;
      return { mask: isLazy ? { logits, enlargement, score } : maskToWire(mask), kind };
    }),
  };
}

/** @throws MaskError for what is no mask */
export function replyFromWire(
  { candidates, milliseconds }: WireReply,
  request: SegmentRequest,
): SegmentReply {
  return {
    milliseconds,
    candidates: candidates.map(({ mask, kind }) => {
      if (!('enlargement' in mask)) return { mask: maskFromWire(mask), kind };
      const { logits, enlargement, score } = mask;
      const lazy = Mask.fromLogits(logits, { ...enlargement, score });
      return withoutStrays({ mask: lazy, kind }, request);
    }),
  };
}

export function foundToWire({ mask, ...found }: FoundObject): WireFound {
  return { mask: maskToWire(mask), ...found };
}

/** @throws MaskError for what is no mask */
export function foundFromWire({ mask, ...found }: WireFound): FoundObject {
  return { mask: maskFromWire(mask), ...found };
}
