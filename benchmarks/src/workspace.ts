import { fileURLToPath } from 'node:url';

export const WORKSPACE: string = fileURLToPath(new URL('../../', import.meta.url));

/** 600 x 400 pixels, a cup on a table. */
export const SAMPLE_PHOTO: string = `${WORKSPACE}packages/cli/assets/coffee.jpg`;
