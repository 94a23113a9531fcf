// The left factor with rows of any length, anywhere.

override LEFT_OFFSET: u32;
override LEFT_ROW_STRIDE: u32;
override LEFT_BATCH_STRIDE: u32; // of the inner batch axis
override LEFT_OUTER_STRIDE: u32; // of the outer batch axis

@group(0) @binding(0) var<storage, read> left: array<f32>; // [outer, inner, ROWS, DEPTH]

fn left_start(outer: u32, inner: u32) -> u32 {
  return LEFT_OFFSET + outer * LEFT_OUTER_STRIDE + inner * LEFT_BATCH_STRIDE;
}

/// Elements `depth` to `depth + 3` of a row, zeros past its end.
fn load_left(start: u32, row: u32, depth: u32) -> vec4f {
  let i = start + row * LEFT_ROW_STRIDE + depth;
  let inside = vec4u(0, 1, 2, 3) + depth < vec4u(DEPTH);
  return select(vec4f(), vec4f(left[i], left[i + 1], left[i + 2], left[i + 3]), inside);
}
