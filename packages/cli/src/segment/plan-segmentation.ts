import { expandInputs, type FailedInput } from '../inputs/expand-inputs.ts';
import { nameOutputs } from '../inputs/name-outputs.ts';
import type { NamedPicture } from '../inputs/picture.ts';
import { readPromptsFile } from '../prompts/prompts-file.ts';
import { type PromptSource, samePrompts } from '../prompts/prompt-source.ts';
import { requireReadable } from '../prompts/require-readable.ts';
import { UsageError } from '../usage-error.ts';
import type { PictureRequest, SegmentRequest } from './segment-request.ts';

/** Which pictures will be worked on, known before anything heavy is loaded. */
export interface PicturePlan {
  readonly pictures: readonly NamedPicture[];
  readonly failed: readonly FailedInput[];
}

/** What will be segmented in them. */
export interface SegmentationPlan extends PicturePlan {
  readonly prompts: PromptSource;
}

export async function planPictures({
  inputs,
  recursive,
  output,
}: Pick<PictureRequest, 'inputs' | 'recursive' | 'output'>): Promise<PicturePlan> {
  const { pictures, failed } = await expandInputs(inputs, { recursive, outputFolder: output });
  return { pictures: nameOutputs(pictures), failed };
}

/** @throws UsageError where files contradict the request */
export async function planSegmentation(request: SegmentRequest): Promise<SegmentationPlan> {
  const { promptsFile, objects } = request;
  const prompts =
    promptsFile === undefined ? samePrompts(objects) : await readPromptsFile(promptsFile);
  const { pictures, failed } = await planPictures(request);
  const [maskFile] = prompts.maskFiles;
  if (promptsFile === undefined && maskFile !== undefined && pictures.length > 1) {
    throw new UsageError(
      `--mask ${maskFile} belongs to one picture, but there are ${pictures.length}; give one ` +
        'picture, or a mask for each with --prompts.',
    );
  }
  await Promise.all(prompts.maskFiles.map(requireReadable));
  return { pictures, failed, prompts };
}
