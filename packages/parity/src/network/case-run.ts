import type { WeightStore } from '@samgpu/graph';
import type { ParityCase } from '@samgpu/testing';
import type { Variant } from '@samgpu/variant';

import type { NetworkDescription } from '../core/description.ts';
import type { Engine } from '../core/engine.ts';
import type { StageList } from '../core/stage-list.ts';
import type { Network } from './network.ts';
import type { Frame } from './samgpu.ts';

/** All that the checks of one case share. */
export interface CaseRun {
  readonly parityCase: ParityCase;
  readonly description: NetworkDescription;
  /** Where the case lies. */
  readonly directory: string;
  readonly network: Network;
  /** That of the network, taking every kind of prompt: the official code refuses none. */
  readonly variant: Variant;
  readonly weights: WeightStore;
  readonly frame: Frame;
  readonly stages: StageList;
  readonly engine: Engine;
  /** Tells what is being done. */
  readonly progress: (what: string) => void;
}
