import { fileURLToPath } from 'node:url';

import type { DescribedObject } from '../arguments/described-object.ts';

/** A photograph that comes with the command: a cup of coffee on a wooden table. */
export const samplePicture: string = fileURLToPath(
  new URL('../../assets/coffee.jpg', import.meta.url),
);

/** One click into the middle of the cup: on the coffee. */
export const samplePrompt: DescribedObject = {
  points: [{ x: 290, y: 135, label: 'include' }],
};
