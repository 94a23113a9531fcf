/**
 * The messages of onnx.proto3 that we write, as plain data.
 *
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3
 */
import type { ElementType } from './element-type.ts';

/** A whole number is written as INT where `integer` says so: in JavaScript 1 and 1.0 are one. */
export type OnnxAttribute =
  | { readonly integer: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly integers: readonly number[] };

export type OnnxAttributes = Readonly<Record<string, OnnxAttribute>>;

export interface OnnxNode {
  readonly name: string;
  readonly operator: string;
  /** Whose operator it is, where it is no standard one. */
  readonly domain?: string;
  /** Names of values; '' leaves an optional operand out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: OnnxAttributes;
}

/** A TensorProto without its elements. */
export interface OnnxTensorHeader {
  readonly name: string;
  readonly elementType: ElementType;
  readonly shape: readonly number[];
}

/** Where the elements of a tensor stand, when not in the model itself. */
export interface ExternalPlace {
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}

/** An input or output of the model. */
export interface OnnxValueInfo {
  readonly name: string;
  readonly elementType: ElementType;
  readonly shape: readonly number[];
}
