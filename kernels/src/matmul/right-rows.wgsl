// The right factor stored as [DEPTH, COLUMNS], where rows begin at multiples of 4.

override RIGHT_OFFSET: u32; // in elements, as the strides
override RIGHT_BATCH_STRIDE: u32; // of the inner batch axis
override RIGHT_OUTER_STRIDE: u32; // of the outer batch axis

@group(0) @binding(1) var<storage, read> right: array<vec4f>;

fn right_start(outer: u32, inner: u32) -> u32 {
  return RIGHT_OFFSET + outer * RIGHT_OUTER_STRIDE + inner * RIGHT_BATCH_STRIDE;
}

/// Four rows from `depth` on, of four columns each. Rows past the end meet zeros on the left.
fn load_right(start: u32, depth: u32, column_vector: u32) -> mat4x4f {
  let i = right_place(start, depth, column_vector);
  let stride = right_step();
  return mat4x4f(right[i], right[i + stride], right[i + 2 * stride], right[i + 3 * stride]);
}
