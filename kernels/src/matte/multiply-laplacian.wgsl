// Values times the matting Laplacian, without a matrix: how far they are from what the windows around
// each pixel fit to them. Linked with tiles.wgsl, courses.wgsl, color-window.wgsl, solve-symmetric.wgsl
// and group-sum.wgsl.

override WORKGROUP_SIZE: u32;
override PULL: f32; // of the estimate, times its certainty; 0 for the Laplacian alone

@group(0) @binding(0) var<storage, read> tiles: array<Tile>;
@group(0) @binding(1) var<storage, read> courses: array<u32>; // and flags of blocks
@group(0) @binding(2) var<storage, read> pixels: array<u32>; // colours and flags
@group(0) @binding(3) var<storage, read> certainty: array<f32>; // 0 where an opacity is given
@group(0) @binding(4) var<storage, read> values: array<f32>;
@group(0) @binding(5) var<storage, read> fits: array<vec4f>; // of fit-windows.wgsl
@group(0) @binding(6) var<storage, read_write> product: array<f32>;
@group(0) @binding(7) var<storage, read_write> parts: array<f32>; // of values · product, one per block

fn product_at(tile: Tile, place: vec2u) -> f32 {
  let index = index_of(tile, place);
  let value = values[index];
  let color = color_at(index);
  var sum = PULL * certainty[index] * value;
  for (var y = 0u; y < 3; y++) {
    for (var x = 0u; x < 3; x++) {
      let around = place + vec2u(x, y) - 1;
      if (has_window(tile, around)) {
        let middle = index_of(tile, around);
        let fit = fits[middle];
        sum += value - fit.w - dot(fit.xyz, vec3f(color - color_at(middle)));
      }
    }
  }
  return sum;
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let tile = tiles[group.y];
  if ((block_flags(tile, group.x) & OPEN) == 0) {
    return;
  }
  let place = place_in(tile, group.x, lane);
  var part = 0.0;
  if (place.x < tile.width && place.y < tile.height) {
    let index = index_of(tile, place);
    var result = 0.0;
    if (certainty[index] > 0) {
      result = product_at(tile, place);
      part = values[index] * result;
    }
    product[index] = result;
  }
  let sum = group_sum(part, lane);
  if (lane == 0) {
    parts[tile.part + group.x] = sum;
  }
}
