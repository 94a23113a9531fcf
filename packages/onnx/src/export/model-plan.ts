/**
 * A model as a list of pieces: bytes that are known now, and initializers whose elements are read
 * when the model is written. Lengths are known before any weight is read, so the model is written
 * front to back, one weight in memory at a time.
 */
import {
  encodeNode,
  encodeValueInfo,
  entry,
  fieldHeader,
  integer,
  message,
  nested,
  tensorBefore,
  tensorElsewhere,
  text,
} from '../format/encode.ts';
import type { ExternalPlace, OnnxNode, OnnxValueInfo } from '../format/messages.ts';
import type { Initializer } from './initializer.ts';

/** The first with LayerNormalization; what came later would only shut older runtimes out. */
const IR_VERSION = 8;
const OPSET = 17;

/** Offsets in an external file are multiples of this, so that runtimes can map pages of it. */
const ALIGNMENT = 4096;

/** Smaller tensors stay in the model: shapes must be there for shape inference. */
const SMALLEST_EXTERNAL = 1024;

export interface ModelContent {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly Initializer[];
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes, or the elements of an initializer. */
export type Piece = Uint8Array | Initializer;

export interface PiecedFile {
  readonly pieces: readonly Piece[];
  readonly byteLength: number;
}

export interface ExternalFile extends PiecedFile {
  readonly location: string;
}

export interface ModelPlan {
  readonly model: PiecedFile;
  readonly external: readonly ExternalFile[];
}

/**
 * In which file the elements of an initializer go, as a path relative to the model, or where they lie
 * already; undefined leaves them in the model. `index` counts initializers.
 */
export type Locate = (initializer: Initializer, index: number) => string | FoundPlace | undefined;

/** Where the elements of an initializer lie in a file that is there already. */
export type FoundPlace = Omit<ExternalPlace, 'length'>;

/** Lays out a model and the files beside it. */
export function planModel(content: ModelContent, locate: Locate = () => undefined): ModelPlan {
  const external = new Map<string, FilePieces>();
  const tensors = new FilePieces();
  content.initializers.forEach((initializer, index) => {
    const length = initializer.byteLength;
    const location = length < SMALLEST_EXTERNAL ? undefined : locate(initializer, index);
    if (location === undefined) {
      const before = tensorBefore(initializer, length);
      tensors.add(fieldHeader(5, before.byteLength + length));
      tensors.add(before);
      tensors.add(initializer);
      return;
    }
    if (typeof location !== 'string') {
      const place = tensorElsewhere(initializer, { ...location, length });
      tensors.add(fieldHeader(5, place.byteLength));
      tensors.add(place);
      return;
    }
    const file = external.get(location) ?? new FilePieces();
    external.set(location, file);
    file.align(ALIGNMENT);
    const place = tensorElsewhere(initializer, { location, offset: file.byteLength, length });
    tensors.add(fieldHeader(5, place.byteLength));
    tensors.add(place);
    file.add(initializer);
  });
  // GraphProto without its initializers
  const graph = message((writer) => {
    for (const node of content.nodes) {
      nested(writer, 1, () => encodeNode(writer, node));
    }
    text(writer, 2, content.name);
    for (const value of content.inputs) {
      nested(writer, 11, () => encodeValueInfo(writer, value));
    }
    for (const value of content.outputs) {
      nested(writer, 12, () => encodeValueInfo(writer, value));
    }
  });
  const model = new FilePieces();
  model.add(modelHeader(content));
  model.add(fieldHeader(7, graph.byteLength + tensors.byteLength));
  model.add(graph);
  tensors.pieces.forEach((piece) => model.add(piece));
  return {
    model,
    external: [...external].map(([location, { pieces, byteLength }]) => ({
      location,
      pieces,
      byteLength,
    })),
  };
}

/** ModelProto without its graph. */
function modelHeader({ metadata, nodes }: ModelContent): Uint8Array {
  return message((writer) => {
    integer(writer, 1, IR_VERSION);
    text(writer, 2, 'samgpu');
    nested(writer, 8, () => {
      text(writer, 1, ''); // the standard operators
      integer(writer, 2, OPSET);
    });
    const domains = new Set(nodes.flatMap(({ domain }) => domain ?? []));
    for (const domain of domains) {
      nested(writer, 8, () => {
        text(writer, 1, domain);
        integer(writer, 2, 1);
      });
    }
    for (const [key, value] of Object.entries(metadata)) {
      nested(writer, 14, () => entry(writer, key, value));
    }
  });
}

class FilePieces implements PiecedFile {
  readonly pieces: Piece[] = [];
  byteLength = 0;

  add(piece: Piece): void {
    this.pieces.push(piece);
    this.byteLength += piece.byteLength;
  }

  align(boundary: number): void {
    const rest = this.byteLength % boundary;
    if (rest !== 0) {
      this.add(new Uint8Array(boundary - rest));
    }
  }
}
