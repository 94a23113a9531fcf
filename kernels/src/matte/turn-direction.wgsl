// The next direction of conjugate gradients. Linked with tiles.wgsl.

override WORKGROUP_SIZE: u32;

@group(0) @binding(0) var<storage, read> tiles: array<Tile>;
@group(0) @binding(1) var<storage, read> courses: array<Course>; // of each tile
@group(0) @binding(2) var<storage, read> inverse: array<f32>; // of the diagonal, 0 where an opacity is given
@group(0) @binding(3) var<storage, read> residual: array<f32>;
@group(0) @binding(4) var<storage, read_write> direction: array<f32>;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let tile = tiles[group.y];
  let course = courses[group.y];
  let i = group.x * WORKGROUP_SIZE + lane;
  if (course.runs == 0 || i >= tile.width * tile.height) {
    return;
  }
  let index = tile.first + i;
  direction[index] = inverse[index] * residual[index] + course.turn * direction[index];
}
