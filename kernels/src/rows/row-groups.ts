import type { KernelDevice } from '../kernel.ts';
import { spreadWorkgroups } from '../specialize.ts';

const LARGEST_GROUP = 256;
// Values that a lane reads of its row: enough to be worth a reduction among lanes.
const VALUES_PER_LANE = 4;
// Of the workgroup memory; the rest is for the partial results.
const STAGE_SHARE = 0.75;

/** How the rows of a matrix are shared out: several lanes to a row, several rows to a workgroup. */
export interface RowGroups {
  /** Elements in one of the shader's `Value`s. */
  readonly valueWidth: 1 | 4;
  readonly constants: Readonly<Record<string, number>>;
  readonly workgroups: readonly [number, number, number];
}

/**
 * Sizes for shaders that reduce rows in workgroup memory: `WIDTH` in Values, `ROWS`, `LANES` per row,
 * `GROUP_ROWS` per workgroup, `STAGED` where the rows fit into workgroup memory, `STAGE_SIZE`, and
 * `LANE_SHARE`, which undoes that a single f32 counts four times in a sum over a vec4f.
 */
export function groupRows(
  rows: number,
  width: number,
  aligned: boolean,
  device: KernelDevice,
): RowGroups {
  const valueWidth = aligned ? 4 : 1;
  const values = width / valueWidth;
  const limit = Math.min(LARGEST_GROUP, device.workgroupInvocations, device.workgroupSizeX);
  const wanted = 2 ** Math.ceil(Math.log2(Math.max(1, values / VALUES_PER_LANE)));
  const lanes = Math.min(wanted, limit);
  const stageBytes = device.workgroupStorage * STAGE_SHARE;
  const isStaged = width * 4 <= stageBytes;
  const fitting = isStaged ? Math.floor(stageBytes / (width * 4)) : Infinity;
  const groupRows = Math.max(1, Math.min(limit / lanes, fitting, rows));
  return {
    valueWidth,
    constants: {
      WIDTH: values,
      ROWS: rows,
      LANES: lanes,
      GROUP_ROWS: groupRows,
      STAGED: Number(isStaged),
      STAGE_SIZE: isStaged ? groupRows * values : 1,
    },
    workgroups: spreadWorkgroups(Math.ceil(rows / groupRows), device.workgroupsPerDimension),
  };
}

/** A grid of one row per invocation, for rasterisers on the CPU. */
export function rowPerInvocation(rows: number, width: number, device: KernelDevice): RowGroups {
  const size = 16;
  return {
    valueWidth: 4,
    constants: { WIDTH: width / 4, ROWS: rows, WORKGROUP_SIZE: size },
    workgroups: spreadWorkgroups(Math.ceil(rows / size), device.workgroupsPerDimension),
  };
}
