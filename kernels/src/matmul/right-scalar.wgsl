// The right factor of any size, anywhere.

override RIGHT_OFFSET: u32;
override RIGHT_ROW_STRIDE: u32; // along DEPTH
override RIGHT_COLUMN_STRIDE: u32;
override RIGHT_BATCH_STRIDE: u32; // of the inner batch axis
override RIGHT_OUTER_STRIDE: u32; // of the outer batch axis

@group(0) @binding(1) var<storage, read> right: array<f32>;

fn right_start(outer: u32, inner: u32) -> u32 {
  return RIGHT_OFFSET + outer * RIGHT_OUTER_STRIDE + inner * RIGHT_BATCH_STRIDE;
}

fn load_row(start: u32, depth: u32, column: u32) -> vec4f {
  // What lies past the end may be NaN, which not even a zero on the left removes.
  let row = start + min(depth, DEPTH - 1) * RIGHT_ROW_STRIDE;
  let columns = row + min(vec4u(0, 1, 2, 3) + column, vec4u(COLUMNS - 1)) * RIGHT_COLUMN_STRIDE;
  return vec4f(right[columns.x], right[columns.y], right[columns.z], right[columns.w]);
}

/// Four rows from `depth` on, of four columns each. Rows past the end meet zeros on the left.
fn load_right(start: u32, depth: u32, column_vector: u32) -> mat4x4f {
  let column = 4 * column_vector;
  return mat4x4f(
    load_row(start, depth, column),
    load_row(start, depth + 1, column),
    load_row(start, depth + 2, column),
    load_row(start, depth + 3, column),
  );
}
