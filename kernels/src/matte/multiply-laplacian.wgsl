// Values times the matting Laplacian, without a matrix: how far they are from what the windows around
// each pixel fit to them. Linked with tiles.wgsl, color-window.wgsl, solve-symmetric.wgsl and
// tile-sum.wgsl.

override WORKGROUP_SIZE: u32;
override PULL: f32; // of the estimate, times its certainty; 0 for the Laplacian alone

@group(0) @binding(0) var<storage, read> tiles: array<Tile>;
@group(0) @binding(1) var<storage, read> courses: array<Course>; // of each tile
@group(0) @binding(2) var<storage, read> pixels: array<u32>; // colours and flags
@group(0) @binding(3) var<storage, read> certainty: array<f32>; // 0 where an opacity is given
@group(0) @binding(4) var<storage, read> values: array<f32>;
@group(0) @binding(5) var<storage, read> fits: array<vec4f>; // of fit-windows.wgsl
@group(0) @binding(6) var<storage, read_write> product: array<f32>;
@group(0) @binding(7) var<storage, read_write> parts: array<f32>; // of values · product, one per workgroup

fn product_at(tile: Tile, i: u32) -> f32 {
  let index = tile.first + i;
  let column = i % tile.width;
  let row = i / tile.width;
  let value = values[index];
  let color = color_at(index);
  var sum = PULL * certainty[index] * value;
  for (var k = 0u; k < 9; k++) {
    let x = column + k % 3 - 1;
    let y = row + k / 3 - 1;
    if (has_window(tile, x, y)) {
      let middle = tile.first + y * tile.width + x;
      let fit = fits[middle];
      sum += value - fit.w - dot(fit.xyz, vec3f(color - color_at(middle)));
    }
  }
  return sum;
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let tile = tiles[group.y];
  let i = group.x * WORKGROUP_SIZE + lane;
  if (courses[group.y].runs == 0 || group.x >= tile.groups) {
    return;
  }
  var part = 0.0;
  if (i < tile.width * tile.height) {
    let index = tile.first + i;
    var result = 0.0;
    if (certainty[index] > 0) {
      result = product_at(tile, i);
      part = values[index] * result;
    }
    product[index] = result;
  }
  let sum = group_sum(part, lane);
  if (lane == 0) {
    parts[tile.part + group.x] = sum;
  }
}
