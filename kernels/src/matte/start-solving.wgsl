// Begins conjugate gradients from the estimate, which is drawn to itself: what remains is what the
// Laplacian takes from it. Linked with tiles.wgsl, courses.wgsl and group-sum.wgsl.

override WORKGROUP_SIZE: u32;

@group(0) @binding(0) var<storage, read> tiles: array<Tile>;
@group(0) @binding(1) var<storage, read> courses: array<u32>; // and flags of blocks
@group(0) @binding(2) var<storage, read> inverse: array<f32>; // of the diagonal, 0 where an opacity is given
@group(0) @binding(3) var<storage, read> product: array<f32>; // the Laplacian's
@group(0) @binding(4) var<storage, read_write> residual: array<f32>;
@group(0) @binding(5) var<storage, read_write> direction: array<f32>;
@group(0) @binding(6) var<storage, read_write> parts: array<f32>; // of rho, one per block

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let tile = tiles[group.y];
  if (group.x >= tile.blocks) {
    return;
  }
  let place = place_in(tile, group.x, lane);
  let is_inside = place.x < tile.width && place.y < tile.height;
  if ((block_flags(tile, group.x) & OPEN) == 0) {
    // Blocks beside it look at its rim.
    if (is_inside) {
      direction[index_of(tile, place)] = 0.0;
    }
    return;
  }
  var part = 0.0;
  if (is_inside) {
    let index = index_of(tile, place);
    let rest = -product[index];
    residual[index] = rest;
    direction[index] = inverse[index] * rest;
    part = inverse[index] * rest * rest;
  }
  let sum = group_sum(part, lane);
  if (lane == 0) {
    parts[tile.part + group.x] = sum;
  }
}
