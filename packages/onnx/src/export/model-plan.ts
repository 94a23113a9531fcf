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
import type { OnnxNode, OnnxValueInfo } from '../format/messages.ts';
import type { Initializer } from './initializer.ts';

/** Of the IR and operator set 17, the last ones before LayerNormalization that old runtimes lack. */
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
}

/** Bytes, or the elements of an initializer. */
export type Piece = Uint8Array | Initializer;

export interface PiecedFile {
  readonly pieces: readonly Piece[];
  readonly byteLength: number;
}

export interface ModelPlan {
  readonly model: PiecedFile;
  readonly external: (PiecedFile & { readonly location: string }) | undefined;
}

/**
 * Lays out a model, with its larger tensors in a second file where `location` is given.
 *
 * @param location - path of the second file relative to the model
 */
export function planModel(content: ModelContent, location: string | undefined): ModelPlan {
  const external = new FilePieces();
  const tensors = new FilePieces();
  for (const initializer of content.initializers) {
    const length = initializer.byteLength;
    if (location !== undefined && length >= SMALLEST_EXTERNAL) {
      external.align(ALIGNMENT);
      const offset = external.byteLength;
      const bytes = tensorElsewhere(initializer, { location, offset, length });
      tensors.add(fieldHeader(5, bytes.byteLength));
      tensors.add(bytes);
      external.add(initializer);
    } else {
      const before = tensorBefore(initializer, length);
      tensors.add(fieldHeader(5, before.byteLength + length));
      tensors.add(before);
      tensors.add(initializer);
    }
  }
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
  model.add(modelHeader());
  model.add(fieldHeader(7, graph.byteLength + tensors.byteLength));
  model.add(graph);
  tensors.pieces.forEach((piece) => model.add(piece));
  return {
    model,
    external:
      location === undefined
        ? undefined
        : { location, pieces: external.pieces, byteLength: external.byteLength },
  };
}

/** ModelProto without its graph. */
function modelHeader(): Uint8Array {
  return message((writer) => {
    integer(writer, 1, IR_VERSION);
    text(writer, 2, 'samgpu');
    nested(writer, 8, () => {
      text(writer, 1, ''); // the standard operators
      integer(writer, 2, OPSET);
    });
    nested(writer, 14, () => entry(writer, 'samgpu', 'https://www.npmjs.com/package/samgpu'));
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
