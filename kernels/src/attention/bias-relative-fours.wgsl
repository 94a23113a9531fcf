// As bias-relative.wgsl, for grids whose width is a multiple of 4: four keys share their row.

const RELATIVE_HEIGHT_BINDING = 4u;
const RELATIVE_WIDTH_BINDING = 5u;

override BIAS_HEIGHT: u32; // of the keys' grid or window
override BIAS_WIDTH: u32;

// [images * QUERY_ROWS, HEADS, BIAS_HEIGHT]
@group(0) @binding(RELATIVE_HEIGHT_BINDING) var<storage, read> relative_height: array<f32>;
// [images * QUERY_ROWS, HEADS, BIAS_WIDTH / 4]
@group(0) @binding(RELATIVE_WIDTH_BINDING) var<storage, read> relative_width: array<vec4f>;

/// Of four keys.
fn score_bias(place: Place, head: u32, key: u32) -> vec4f {
  let i = query_index(place) * HEADS + head;
  let columns = relative_width[(i * BIAS_WIDTH + key % BIAS_WIDTH) / 4];
  return columns + relative_height[i * BIAS_HEIGHT + key / BIAS_WIDTH];
}
