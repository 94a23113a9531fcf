// Decomposed relative positions: a number per query and row of keys, and one per query and column
// of keys. They take (height + width) numbers per query instead of height * width.

const RELATIVE_HEIGHT_BINDING = 4u;
const RELATIVE_WIDTH_BINDING = 5u;

override BIAS_HEIGHT: u32; // of the keys' grid or window
override BIAS_WIDTH: u32;

// [images * QUERY_ROWS, HEADS, BIAS_HEIGHT]
@group(0) @binding(RELATIVE_HEIGHT_BINDING) var<storage, read> relative_height: array<f32>;
// [images * QUERY_ROWS, HEADS, BIAS_WIDTH]
@group(0) @binding(RELATIVE_WIDTH_BINDING) var<storage, read> relative_width: array<f32>;

/// Of four keys.
fn score_bias(place: Place, head: u32, key: u32) -> vec4f {
  let i = query_index(place) * HEADS + head;
  let keys = vec4u(0, 1, 2, 3) + key;
  let row = i * BIAS_HEIGHT + keys / BIAS_WIDTH;
  let column = i * BIAS_WIDTH + keys % BIAS_WIDTH;
  return vec4f(
    relative_height[row.x] + relative_width[column.x],
    relative_height[row.y] + relative_width[column.y],
    relative_height[row.z] + relative_width[column.z],
    relative_height[row.w] + relative_width[column.w],
  );
}
