import { fileURLToPath } from 'node:url';

import type { DescribedObject } from '../arguments/described-object.ts';

/** A photograph that comes with the command: a cup of coffee on a wooden table. */
export const samplePicture: string = fileURLToPath(
  new URL('../../assets/coffee.jpg', import.meta.url),
);

/** One click on the spoon: nano separates it well, its metal being unlike all around it. */
export const samplePrompt: DescribedObject = {
  points: [{ x: 365, y: 290, label: 'include' }],
};
