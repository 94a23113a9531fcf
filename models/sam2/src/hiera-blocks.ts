import type { HieraConfig } from './config.ts';

/** One block of the trunk. */
export interface HieraBlock {
  /** Channels that it takes, and gives. */
  readonly inputs: number;
  readonly outputs: number;
  readonly heads: number;
  /** Side of the windows, before pooling; undefined where it attends over the whole map. */
  readonly window: number | undefined;
  /** Whether its queries, and so its result, are pooled to half the size. */
  readonly pools: boolean;
  /** Whether a stage ends with it. */
  readonly endsStage: boolean;
}

/**
 * The blocks of a trunk, in order.
 *
 * The first block of a stage takes the windows of the stage before, and pooling makes them those of
 * its own: windows of 8 become windows of 4.
 */
export function hieraBlocks(config: HieraConfig): HieraBlock[] {
  let { width: inputs, heads } = config;
  let index = 0;
  return config.blocks.flatMap((depth, stage) =>
    Array.from({ length: depth }, (_, place): HieraBlock => {
      const pools = stage > 0 && place === 0;
      const outputs = pools ? 2 * inputs : inputs;
      heads = pools ? 2 * heads : heads;
      const window = config.windows[pools ? stage - 1 : stage];
      const block = {
        inputs,
        outputs,
        heads,
        window: config.globalBlocks.includes(index) ? undefined : window,
        pools,
        endsStage: place === depth - 1,
      };
      inputs = outputs;
      index++;
      return block;
    }),
  );
}
