import { type GroundedBox, type Grounder, GrounderError } from 'samgpu';

import { phrasesOf } from '../phrases.ts';
import { matchPhrase } from './match-phrase.ts';
import { pictureInput, type RawImageClass, squarePicture } from './picture-input.ts';

/** What of a pipeline `zero-shot-object-detection` of transformers.js is used. */
export interface ZeroShotDetector {
  (
    // oxlint-disable-next-line typescript/no-explicit-any -- its own types accept less than it does
    picture: any,
    labels: string[],
    options?: { threshold?: number; percentage?: boolean },
  ): Promise<unknown>;
  /** Tells which family of models it is. */
  readonly model?: unknown;
}

export interface TransformersGrounderOptions {
  /** For people. @defaultValue the kind of model */
  readonly name?: string;
  /**
   * `RawImage` of transformers.js: pixels go there as they are. Default: they take the way over a
   * canvas in browsers, over a PNG elsewhere.
   */
  readonly RawImage?: RawImageClass;
  /**
   * Boxes of lower scores are not found, where a search names no `minScore`. @defaultValue 0.25 for
   * Grounding DINO, where it is also the least score of a word to count as part of the label; else 0.1
   */
  readonly threshold?: number;
  /** Which family of models it is. @defaultValue what the pipeline's model says */
  readonly family?: 'grounding-dino' | 'owlvit' | 'owlv2';
}

type Family = NonNullable<TransformersGrounderOptions['family']>;

/**
 * A detector of transformers.js: Grounding DINO, OWL-ViT or OWLv2.
 *
 * ```ts
 * import { pipeline, RawImage } from '@huggingface/transformers';
 * const detector = await pipeline('zero-shot-object-detection', 'onnx-community/grounding-dino-tiny-ONNX');
 * const grounder = transformersGrounder(detector, { RawImage });
 * ```
 *
 * Things are parted by commas, semicolons and full stops. OWL gets each as a label; Grounding DINO
 * gets one text of all, in lower case, each closed by a full stop, which it was trained on.
 *
 * A detection under way cannot be stopped: its answer is not waited for.
 */
export function transformersGrounder(
  detector: ZeroShotDetector,
  options: TransformersGrounderOptions = {},
): Grounder {
  const { RawImage, family = familyOf(detector) } = options;
  const { name = family } = options;
  const { threshold = family === 'grounding-dino' ? 0.25 : 0.1 } = options;
  return {
    name,
    async ground(picture, words, { signal, minScore = threshold }) {
      const phrases = phrasesOf(words);
      if (phrases.length === 0) return [];
      const isDino = family === 'grounding-dino';
      const seen = family === 'owlv2' ? squarePicture(picture) : picture;
      const labels = isDino
        ? [phrases.map((phrase) => `${phrase.toLowerCase()}.`).join(' ')]
        : phrases;
      const input = await pictureInput(seen, RawImage);
      signal?.throwIfAborted();
      // Shares of the picture: in pixels, boxes would be cut to whole numbers.
      const found = await detector(input, labels, { threshold: minScore, percentage: true });
      signal?.throwIfAborted();
      return listOf(found, name).map((value, i) => {
        const one = foundBox(value, seen, `box ${i}`, name);
        return isDino ? { ...one, label: matchPhrase(one.label ?? '', phrases) } : one;
      });
    },
  };
}

/** @throws GrounderError `invalid-option` where it is none of the known ones */
function familyOf({ model }: ZeroShotDetector): Family {
  const type = (model as { config?: { model_type?: unknown } } | undefined)?.config?.model_type;
  const family = type === 'owl-vit' ? 'owlvit' : type;
  if (family === 'grounding-dino' || family === 'owlvit' || family === 'owlv2') return family;
  throw new GrounderError(
    'invalid-option',
    `the detector's model is of type ${JSON.stringify(type)}; wanted a pipeline 'zero-shot-object-detection' ` +
      "with Grounding DINO, OWL-ViT or OWLv2. If it is alike, name its family: { family: 'owlvit' }",
  );
}

function listOf(found: unknown, name: string): readonly unknown[] {
  if (Array.isArray(found)) return found;
  throw new GrounderError(
    'invalid-answer',
    `${name} answered with ${typeof found}, wanted a list; give a pipeline 'zero-shot-object-detection'`,
  );
}

interface Corners {
  readonly xmin: number;
  readonly ymin: number;
  readonly xmax: number;
  readonly ymax: number;
}

function foundBox(
  value: unknown,
  { width, height }: { readonly width: number; readonly height: number },
  what: string,
  name: string,
): GroundedBox {
  const { box, score, label } = (value ?? {}) as {
    box?: Corners;
    score: number;
    label?: string;
  };
  if (typeof box !== 'object' || box === null) {
    throw new GrounderError(
      'invalid-answer',
      `${name}: ${what} has no place; wanted { score, label, box: { xmin, ymin, xmax, ymax } }`,
    );
  }
  const { xmin, ymin, xmax, ymax } = box;
  return {
    box: {
      x: xmin * width,
      y: ymin * height,
      width: (xmax - xmin) * width,
      height: (ymax - ymin) * height,
    },
    score,
    ...(label !== undefined && { label }),
  };
}
