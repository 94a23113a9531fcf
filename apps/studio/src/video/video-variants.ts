import { variants } from '../models/variants.ts';

/** Models that follow objects, the recent and small ones first. */
export const videoVariants = variants.filter(({ tracking }) => tracking !== undefined);
