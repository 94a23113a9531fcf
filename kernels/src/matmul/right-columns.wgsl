// The right factor stored as [COLUMNS, DEPTH], where both are multiples of 4, as is each start.

override RIGHT_OFFSET: u32; // in elements, as the strides
override RIGHT_ROW_STRIDE: u32; // from one column of the factor to the next
override RIGHT_BATCH_STRIDE: u32; // of the inner batch axis
override RIGHT_OUTER_STRIDE: u32; // of the outer batch axis

@group(0) @binding(1) var<storage, read> right: array<vec4f>;

fn right_start(outer: u32, inner: u32) -> u32 {
  return RIGHT_OFFSET + outer * RIGHT_OUTER_STRIDE + inner * RIGHT_BATCH_STRIDE;
}

/// Four rows from `depth` on, of four columns each.
fn load_right(start: u32, depth: u32, column_vector: u32) -> mat4x4f {
  let i = (start + 4 * column_vector * RIGHT_ROW_STRIDE + depth) / 4;
  let stride = RIGHT_ROW_STRIDE / 4;
  return transpose(
    mat4x4f(right[i], right[i + stride], right[i + 2 * stride], right[i + 3 * stride]),
  );
}
