// The next direction of conjugate gradients. Linked with tiles.wgsl and courses.wgsl.

override WORKGROUP_SIZE: u32;

@group(0) @binding(0) var<storage, read> tiles: array<Tile>;
@group(0) @binding(1) var<storage, read> courses: array<u32>; // and flags of blocks
@group(0) @binding(2) var<storage, read> inverse: array<f32>; // of the diagonal, 0 where an opacity is given
@group(0) @binding(3) var<storage, read> residual: array<f32>;
@group(0) @binding(4) var<storage, read_write> direction: array<f32>;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let tile = tiles[group.y];
  let place = place_in(tile, group.x, lane);
  let is_outside = place.x >= tile.width || place.y >= tile.height;
  if ((block_flags(tile, group.x) & OPEN) == 0 || is_outside) {
    return;
  }
  let turn = bitcast<f32>(courses[tile.course + TURN]);
  let index = index_of(tile, place);
  direction[index] = inverse[index] * residual[index] + turn * direction[index];
}
