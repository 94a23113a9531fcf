/**
 * Protobuf bytes of the messages of onnx.proto3: field numbers stand beside each field.
 *
 * Elements of large tensors never pass through here. A message that contains some is written as
 * its bytes before, the elements, and the bytes after, and only lengths are needed for that.
 */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { ELEMENT_TYPES } from './element-type.ts';
import type {
  ExternalPlace,
  OnnxAttribute,
  OnnxNode,
  OnnxTensorHeader,
  OnnxValueInfo,
} from './messages.ts';

// AttributeProto.AttributeType
const FLOAT = 1;
const INT = 2;
const STRING = 3;
const INTS = 7;

// TensorProto.DataLocation
const EXTERNAL = 1;

type Fill = (writer: BinaryWriter) => void;

export function message(fill: Fill): Uint8Array {
  const writer = new BinaryWriter();
  fill(writer);
  return writer.finish();
}

/** The tag and length that stand before a field of `length` bytes. */
export function fieldHeader(field: number, length: number): Uint8Array {
  return message((writer) => writer.tag(field, WireType.LengthDelimited).uint32(length));
}

export function nested(writer: BinaryWriter, field: number, fill: Fill): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  fill(writer);
  writer.join();
}

export function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

export function integer(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value);
}

function integers(writer: BinaryWriter, field: number, values: readonly number[]): void {
  nested(writer, field, () => {
    for (const value of values) {
      writer.int64(value);
    }
  });
}

/** NodeProto */
export function encodeNode(writer: BinaryWriter, node: OnnxNode): void {
  for (const input of node.inputs) {
    text(writer, 1, input);
  }
  for (const output of node.outputs) {
    text(writer, 2, output);
  }
  text(writer, 3, node.name);
  text(writer, 4, node.operator);
  if (node.domain !== undefined) {
    text(writer, 7, node.domain);
  }
  for (const [name, attribute] of Object.entries(node.attributes)) {
    nested(writer, 5, () => encodeAttribute(writer, name, attribute));
  }
}

/** AttributeProto */
function encodeAttribute(writer: BinaryWriter, name: string, attribute: OnnxAttribute): void {
  const typeField = 20;
  text(writer, 1, name);
  if ('float' in attribute) {
    writer.tag(2, WireType.Bit32).float(attribute.float);
    integer(writer, typeField, FLOAT);
  } else if ('integer' in attribute) {
    integer(writer, 3, attribute.integer);
    integer(writer, typeField, INT);
  } else if ('string' in attribute) {
    text(writer, 4, attribute.string);
    integer(writer, typeField, STRING);
  } else {
    integers(writer, 8, attribute.integers);
    integer(writer, typeField, INTS);
  }
}

/** ValueInfoProto of a tensor with a fixed shape. */
export function encodeValueInfo(writer: BinaryWriter, value: OnnxValueInfo): void {
  text(writer, 1, value.name);
  // TypeProto, then TypeProto.Tensor, then TensorShapeProto, then one Dimension per axis
  nested(writer, 2, () =>
    nested(writer, 1, () => {
      integer(writer, 1, ELEMENT_TYPES[value.elementType]);
      nested(writer, 2, () => {
        for (const size of value.shape) {
          nested(writer, 1, () => integer(writer, 1, size));
        }
      });
    }),
  );
}

function encodeTensorHeader(writer: BinaryWriter, tensor: OnnxTensorHeader): void {
  integers(writer, 1, tensor.shape);
  integer(writer, 2, ELEMENT_TYPES[tensor.elementType]);
  text(writer, 8, tensor.name);
}

/** TensorProto up to its elements, which must follow: `length` bytes, little-endian. */
export function tensorBefore(tensor: OnnxTensorHeader, length: number): Uint8Array {
  return message((writer) => {
    encodeTensorHeader(writer, tensor);
    writer.tag(9, WireType.LengthDelimited).uint32(length);
  });
}

/** TensorProto whose elements stand in another file. */
export function tensorElsewhere(tensor: OnnxTensorHeader, place: ExternalPlace): Uint8Array {
  return message((writer) => {
    encodeTensorHeader(writer, tensor);
    for (const key of ['location', 'offset', 'length'] as const) {
      nested(writer, 13, () => entry(writer, key, String(place[key])));
    }
    integer(writer, 14, EXTERNAL);
  });
}

/** StringStringEntryProto */
export function entry(writer: BinaryWriter, key: string, value: string): void {
  text(writer, 1, key);
  text(writer, 2, value);
}
