// The left factor where rows begin at multiples of 4 and have a multiple of 4 elements.

override LEFT_OFFSET: u32; // in elements, as the strides
override LEFT_ROW_STRIDE: u32;
override LEFT_BATCH_STRIDE: u32; // of the inner batch axis
override LEFT_OUTER_STRIDE: u32; // of the outer batch axis

@group(0) @binding(0) var<storage, read> left: array<vec4f>; // [outer, inner, ROWS, DEPTH / 4]

fn left_start(outer: u32, inner: u32) -> u32 {
  return LEFT_OFFSET + outer * LEFT_OUTER_STRIDE + inner * LEFT_BATCH_STRIDE;
}

/// Elements `depth` to `depth + 3` of a row. Both must be inside.
fn load_left(start: u32, row: u32, depth: u32) -> vec4f {
  return left[(start + row * LEFT_ROW_STRIDE + depth) / 4];
}
