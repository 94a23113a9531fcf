// What goes between an engine and those who use it from elsewhere: plain data and typed arrays, which
// structured cloning takes as it is and HTTP as JSON (`../http/json.ts`).

import type { AlphaMask, CompressedRle, Enlargement, Logits } from '@samgpu/mask';

import type {
  EncodedPicture,
  EngineProgress,
  EverythingRequest,
  MatteRequest,
  SegmentRequest,
} from '../engine.ts';
import type {
  OpenedTrack,
  TrackPromptRequest,
  TrackReply,
  TrackRequest,
  TrackStep,
} from '../../video/engine/video-engine.ts';
import type { LoadedModel, ModelChoice, ModelDescription } from '../model-description.ts';
import type { PortableImage } from './portable-image.ts';

/** A mask in transit. */
export interface WireMask {
  readonly rle: CompressedRle;
  readonly score: number;
  readonly stability: number;
  readonly logits?: Logits;
}

export interface WireRequest extends Omit<SegmentRequest, 'mask'> {
  readonly mask?: WireMask | Logits;
  /** Whether masks other than the best may come as logits, to be enlarged by whoever asked. */
  readonly lazy?: boolean;
}

/** A mask whose pixels are made where it goes, if they are looked at. */
export interface WireLogits {
  readonly logits: Logits;
  readonly enlargement: Enlargement;
  readonly score: number;
}

export interface WireReply {
  readonly candidates: readonly {
    /** Of the best run lengths; of others logits, if they may come so. */
    readonly mask: WireMask | WireLogits;
    readonly kind: 'single' | 'alternative';
  }[];
  readonly milliseconds: number;
}

export interface WireFound {
  readonly mask: WireMask;
  readonly label?: string;
  readonly boxScore?: number;
}

/** The calls of an engine: what goes there and what comes back. */
export interface WireCalls {
  readonly models: { readonly args: readonly []; readonly result: readonly ModelDescription[] };
  readonly load: { readonly args: readonly [choice: ModelChoice]; readonly result: LoadedModel };
  readonly encode: {
    readonly args: readonly [model: string, image: PortableImage];
    readonly result: EncodedPicture;
  };
  readonly segment: {
    readonly args: readonly [picture: string, request: WireRequest];
    readonly result: WireReply;
  };
  readonly everything: {
    readonly args: readonly [picture: string, request: EverythingRequest];
    readonly result: readonly WireFound[];
  };
  readonly findText: {
    readonly args: readonly [picture: string, words: string];
    readonly result: readonly WireFound[];
  };
  readonly matte: {
    readonly args: readonly [picture: string, mask: WireMask, request: MatteRequest];
    readonly result: AlphaMask;
  };
  readonly trackOpen: {
    readonly args: readonly [model: string, request: TrackRequest];
    readonly result: OpenedTrack;
  };
  readonly trackAdd: {
    readonly args: readonly [track: string, prompt: TrackPromptRequest, image: PortableImage];
    readonly result: TrackReply;
  };
  readonly trackRemove: {
    readonly args: readonly [track: string, object: number];
    readonly result: Pick<TrackReply, 'bytes'>;
  };
  readonly trackFollow: {
    readonly args: readonly [track: string, step: TrackStep, image: PortableImage];
    readonly result: TrackReply;
  };
}

export type WireMethod = keyof WireCalls;

/** A call of one of the methods. */
export type WireCall = {
  readonly [Method in WireMethod]: {
    readonly method: Method;
    readonly args: WireCalls[Method]['args'];
  };
}[WireMethod];

/** An error in transit. */
export interface WireError {
  readonly code: string;
  readonly message: string;
  /** The error behind it. */
  readonly cause?: { readonly name: string; readonly message: string; readonly code?: string };
}

/** What may come back for a call, the last two once. */
export type WireEvent =
  | { readonly kind: 'progress'; readonly progress: EngineProgress }
  | { readonly kind: 'found'; readonly found: WireFound }
  | { readonly kind: 'result'; readonly result: WireCalls[WireMethod]['result'] }
  | { readonly kind: 'error'; readonly error: WireError };
