// The affine function of colour that fits the values in each window of 3x3 best: what the matting
// Laplacian takes from the values is how far they are from it. Linked with tiles.wgsl, courses.wgsl,
// color-window.wgsl and solve-symmetric.wgsl.

override WORKGROUP_SIZE: u32;

@group(0) @binding(0) var<storage, read> tiles: array<Tile>;
@group(0) @binding(1) var<storage, read> courses: array<u32>; // and flags of blocks
@group(0) @binding(2) var<storage, read> pixels: array<u32>; // colours and flags
@group(0) @binding(3) var<storage, read> certainty: array<f32>; // 0 where an opacity is given
@group(0) @binding(4) var<storage, read> values: array<f32>;
@group(0) @binding(5) var<storage, read_write> fits: array<vec4f>; // slope per level, value of the middle's colour

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let tile = tiles[group.y];
  let place = place_in(tile, group.x, lane);
  if ((block_flags(tile, group.x) & WINDOWS) == 0 || !has_window(tile, place)) {
    return;
  }
  let index = index_of(tile, place);
  var is_open = false;
  for (var y = 0u; y < 3; y++) {
    let start = index + y * tile.width - tile.width - 1;
    is_open = is_open || certainty[start] > 0 || certainty[start + 1] > 0 || certainty[start + 2] > 0;
  }
  if (!is_open) {
    return;
  }
  let window = window_around(index, tile.width);
  let middle = values[index];
  var mean = 0.0; // of the values, from the middle's
  var covariance = vec3f(); // times 81
  for (var y = 0u; y < 3; y++) {
    for (var x = 0u; x < 3; x++) {
      let at = index + y * tile.width + x - tile.width - 1;
      let value = values[at] - middle;
      mean += value;
      covariance += vec3f(9 * color_at(at) - window.sum) * value;
    }
  }
  let slope = unmixed(window, covariance);
  let from_mean = vec3f(9 * color_at(index) - window.sum) / 9;
  fits[index] = vec4f(slope, middle + mean / 9 + dot(slope, from_mean));
}
