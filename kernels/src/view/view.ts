/** Where the elements of a tensor lie in a buffer, in elements. */
export interface View {
  readonly shape: readonly number[];
  /** Distance between neighbours along each axis; 0 repeats one element along the axis. */
  readonly strides: readonly number[];
  readonly offset: number;
}

/** A tensor that lies densely in row-major order from `offset` on. */
export function denseView(shape: readonly number[], offset = 0): View {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return { shape, strides, offset };
}

/**
 * The view repeated along axes of size 1, and along axes that it does not have, to `shape`.
 *
 * @throws RangeError if the shapes do not broadcast as in NumPy
 */
export function broadcastView(view: View, shape: readonly number[]): View {
  const missing = shape.length - view.shape.length;
  const fits = view.shape.every((size, axis) => size === 1 || size === shape[axis + missing]);
  if (missing < 0 || !fits) {
    throw new RangeError(`[${view.shape.join(', ')}] does not broadcast to [${shape.join(', ')}]`);
  }
  const strides = shape.map((_, axis) =>
    axis < missing || view.shape[axis - missing] === 1 ? 0 : view.strides[axis - missing]!,
  );
  return { shape, strides, offset: view.offset };
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, size) => count * size, 1);
}

/** Elements of a buffer from its start to the last one that the view reads. */
export function viewExtent({ shape, strides, offset }: View): number {
  return shape.reduce((extent, size, axis) => extent + (size - 1) * strides[axis]!, offset + 1);
}
