/** The tensors of HQ-SAM's checkpoints, as build_sam.py of sam-hq makes them. */
import { imageEncoderShapes as tinyVitShapes, type TinyVitConfig } from '@samgpu/mobile-sam';
import {
  below,
  type Entries,
  imageEncoderShapes as vitShapes,
  type ImageEncoderConfig,
  layerShapes,
  maskDecoder,
  type MaskDecoderConfig,
  maskDecoderShapes as samDecoderShapes,
  normShapes,
  perceptronShapes,
  promptEncoderShapes,
  upscalingShapes,
  type WeightShapes,
} from '@samgpu/sam';

const EMBEDDING = 256;
const UPSCALED = EMBEDDING / 8;

/** All tensors of a checkpoint with SAM's ViT. */
export function vitWeightShapes(
  encoder: ImageEncoderConfig,
  decoder: MaskDecoderConfig = maskDecoder,
): WeightShapes {
  return new Map([
    ...vitShapes(encoder, decoder.imageSize),
    ...promptEncoderShapes(),
    ...maskDecoderShapes(encoder.width, decoder),
  ]);
}

/** All tensors of a checkpoint with MobileSAM's TinyViT. */
export function tinyVitWeightShapes(
  encoder: TinyVitConfig,
  decoder: MaskDecoderConfig = maskDecoder,
): WeightShapes {
  return new Map([
    ...tinyVitShapes(encoder),
    ...promptEncoderShapes(),
    // The second layer hands on a map that is as wide as the third.
    ...maskDecoderShapes(encoder.layers[2]?.width ?? 0, decoder),
  ]);
}

/**
 * Those below `mask_decoder`.
 *
 * @param earlyChannels - of the encoder's early map
 */
export function maskDecoderShapes(
  earlyChannels: number,
  decoder: Pick<MaskDecoderConfig, 'layers' | 'masks'> = maskDecoder,
): WeightShapes {
  return new Map([...samDecoderShapes(decoder), ...below('mask_decoder', details(earlyChannels))]);
}

function details(earlyChannels: number): Entries {
  return [
    ['hf_token.weight', [1, EMBEDDING]],
    ...below('hf_mlp', perceptronShapes(UPSCALED)),
    ...below('compress_vit_feat', upscalingShapes(earlyChannels, EMBEDDING)),
    ...below('embedding_encoder', upscalingShapes(EMBEDDING, EMBEDDING / 4)),
    ...below('embedding_maskfeature', [
      ...below('0', layerShapes([2 * UPSCALED, UPSCALED, 3, 3])),
      ...below('1', normShapes(2 * UPSCALED)),
      ...below('3', layerShapes([UPSCALED, 2 * UPSCALED, 3, 3])),
    ]),
  ];
}
