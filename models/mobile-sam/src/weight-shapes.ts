/** The tensors of MobileSAM's checkpoint, as `build_sam_vit_t` of build_sam.py makes them. */
import {
  below,
  type Entries,
  layerShapes,
  maskDecoder,
  type MaskDecoderConfig,
  maskDecoderShapes,
  neckShapes,
  normShapes,
  promptEncoderShapes,
  type WeightShapes,
} from '@samgpu/sam';

import type { TinyVitConfig, TinyVitLayer } from './config.ts';

/** Hidden channels of a block per channel. */
const EXPANSION = 4;
/** Of the classifier that TinyViT was trained with. It is in the checkpoint and takes no part. */
const CLASSES = 1000;

/** All tensors of a MobileSAM checkpoint. They do not depend on the size of the input. */
export function weightShapes(
  encoder: TinyVitConfig,
  decoder: Pick<MaskDecoderConfig, 'layers' | 'masks'> = maskDecoder,
): WeightShapes {
  return new Map([
    ...imageEncoderShapes(encoder),
    ...promptEncoderShapes(),
    ...maskDecoderShapes(decoder),
  ]);
}

/** Those below `image_encoder`. */
export function imageEncoderShapes({ layers }: TinyVitConfig): WeightShapes {
  const [first, last] = [layers[0]?.width ?? 0, layers.at(-1)?.width ?? 0];
  return new Map(
    below('image_encoder', [
      ...below('patch_embed.seq.0', convolution([first / 2, 3, 3, 3])),
      ...below('patch_embed.seq.2', convolution([first, first / 2, 3, 3])),
      ...layers.flatMap((layer, index) =>
        below(`layers.${index}`, layerEntries(layer, layers[index + 1]?.width)),
      ),
      ...below('norm_head', normShapes(last)),
      ...below('head', layerShapes([CLASSES, last])),
      ...below('neck', neckShapes(last)),
    ]),
  );
}

function layerEntries(
  { width, depth, attention }: TinyVitLayer,
  nextWidth: number | undefined,
): Entries {
  const block = attention
    ? attentionEntries(width, attention.heads, attention.window)
    : bottleneck(width, EXPANSION * width, width);
  const blocks = Array.from({ length: depth }, (_, index) => below(`blocks.${index}`, block));
  const merging =
    nextWidth === undefined ? [] : below('downsample', bottleneck(width, nextWidth, nextWidth));
  return [...blocks.flat(), ...merging];
}

/** To `hidden` channels, within each of them, and on to `outputs`. */
function bottleneck(inputs: number, hidden: number, outputs: number): Entries {
  return [
    ...below('conv1', convolution([hidden, inputs, 1, 1])),
    ...below('conv2', convolution([hidden, 1, 3, 3])),
    ...below('conv3', convolution([outputs, hidden, 1, 1])),
  ];
}

function attentionEntries(width: number, heads: number, window: number): Entries {
  return [
    ...below('attn', [
      ['attention_biases', [heads, window * window]],
      ...below('norm', normShapes(width)),
      ...below('qkv', layerShapes([3 * width, width])),
      ...below('proj', layerShapes([width, width])),
    ]),
    ...below('mlp', [
      ...below('norm', normShapes(width)),
      ...below('fc1', layerShapes([EXPANSION * width, width])),
      ...below('fc2', layerShapes([width, EXPANSION * width])),
    ]),
    ...below('local_conv', convolution([width, 1, 3, 3])),
  ];
}

/** A convolution without bias and its batch norm. */
function convolution(weight: readonly [outputs: number, ...rest: number[]]): Entries {
  return [
    ['c.weight', weight],
    ...below('bn', [
      ...normShapes(weight[0]),
      ['running_mean', [weight[0]]],
      ['running_var', [weight[0]]],
      ['num_batches_tracked', []],
    ]),
  ];
}
