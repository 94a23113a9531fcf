/** MobileSAM: encoder, stages and answers of cases of it. */
import type { Tensor, Weights } from '@samgpu/graph';
import { neck } from '@samgpu/sam';

import { type NetworkCase, openPictureCase, type Stage } from '../../../sam/src/parity/case.ts';
import { samDecoder } from '../../../sam/src/parity/sam-case.ts';
import { attentionBlock, windowAttention } from '../attention-block.ts';
import { tinyVit } from '../config.ts';
import { convolutionBlock, embedPatches } from '../convolution-blocks.ts';
import { encodeImage, encodeLayers } from '../image-encoder.ts';
import { weightShapes } from '../weight-shapes.ts';
import { fixture } from './fixture.ts';

/** Those of the fixtures. */
export function openNetworks(): Promise<NetworkCase[]> {
  return Promise.all(
    ['landscape', 'portrait'].map((name) => openMobileSamCase(fixture(`mobile_sam_256/${name}`))),
  );
}

/** @param directory - of `case.json` */
export async function openMobileSamCase(directory: string): Promise<NetworkCase> {
  const picture = await openPictureCase(directory, (_, decoder) => weightShapes(tinyVit, decoder));
  return {
    ...picture,
    ...samDecoder(picture),
    encode: (image, w) => ({ embedding: encodeImage(image, w.at('image_encoder'), tinyVit) }),
    stages: (image, w) => tinyVitStages(image, w.at('image_encoder')),
  };
}

/** @param w - the place of the image encoder */
export function tinyVitStages(image: Tensor, w: Weights): Record<string, Stage> {
  const patches = embedPatches(image, w.at('patch_embed'));
  const stages: Record<string, Stage> = { patch_embed: { map: patches, layout: 'planes' } };
  const layers = encodeLayers(image, w, tinyVit);
  let x = patches;
  for (const [index, { depth, attention }] of tinyVit.layers.entries()) {
    for (let i = 0; i < depth; i++) {
      const name = `layers.${index}.blocks.${i}`;
      const block = w.at(name);
      if (attention === undefined) {
        x = convolutionBlock(x, block);
        stages[name] = { map: x, layout: 'planes' };
      } else {
        const attended = windowAttention(x, block.at('attn'), attention);
        stages[`${name}.attn`] = { map: attended, layout: attention.window };
        x = attentionBlock(x, block, attention);
        stages[name] = { map: x, layout: 'rows' };
      }
    }
    // The last layer has no step to another one, the others end with it.
    x = layers[index]!;
    stages[`layers.${index}.downsample`] = { map: x, layout: 'rows' };
    stages[`layers.${index}`] = { map: x, layout: 'rows' };
  }
  return { ...stages, neck: { map: neck(x, w.at('neck')), layout: 'planes' } };
}
