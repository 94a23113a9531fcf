/** Paths and shapes below one place of a checkpoint. */
export type Entries = readonly (readonly [path: string, shape: readonly number[]])[];

/** A linear layer or a convolution: one bias per output, which is the weight's first axis. */
export function layerShapes(weight: readonly [outputs: number, ...rest: number[]]): Entries {
  return [
    ['weight', weight],
    ['bias', [weight[0]]],
  ];
}

/** A convolution that is transposed: its weight's first axis are the inputs, the second the outputs. */
export function transposedShapes(
  weight: readonly [inputs: number, outputs: number, height: number, width: number],
): Entries {
  return [
    ['weight', weight],
    ['bias', [weight[1]]],
  ];
}

export function normShapes(width: number): Entries {
  return [
    ['weight', [width]],
    ['bias', [width]],
  ];
}

/** The same entries with `path` before their names. */
export function below(path: string, entries: Iterable<Entries[number]>): Entries {
  return Array.from(entries, ([name, shape]) => [`${path}.${name}`, shape] as const);
}
