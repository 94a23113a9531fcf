import type { ParityCase } from '@samgpu/testing';

import type { Engine } from './engine.ts';
import type { StageList } from './stage-list.ts';

/** A case that is to be run: its files, where it runs, and where results go. */
export interface CaseFolder {
  readonly parityCase: ParityCase;
  /** Where `case.json` lies; pictures are named relative to it. */
  readonly directory: string;
  readonly engine: Engine;
  readonly stages: StageList;
  /** Whether cases on pictures also run through the public API. */
  readonly endToEnd: boolean;
  /** Tells what is being done. */
  readonly progress: (what: string) => void;
}

/** What `case.json` says a case is of. */
export interface CaseIdentity {
  /** `variant`, and `name` where there is none. */
  readonly variant: string;
  /** Of the official code, for instance `facebookresearch/segment-anything`; empty if unsaid. */
  readonly repository: string;
  /** What kind of case it is, where several are of the same variant; empty if unsaid. */
  readonly kind: string;
}

interface FamilyName {
  readonly name: string;
  /** The first family that matches takes the case. */
  readonly matches: (identity: CaseIdentity) => boolean;
}

interface KnownFamily extends FamilyName {
  /**
   * Runs a case and puts what it gives into `folder.stages`.
   *
   * @throws UnsupportedCaseError for sizes and settings that are not implemented
   */
  readonly check: (folder: CaseFolder) => Promise<void>;
  readonly unsupported?: never;
}

interface UnsupportedFamily extends FamilyName {
  /** Why its cases cannot be run. */
  readonly unsupported: string;
}

/** Cases of one kind of model. */
export type Family = KnownFamily | UnsupportedFamily;
