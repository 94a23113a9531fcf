// Goes a step of conjugate gradients along the direction. Linked with tiles.wgsl and group-sum.wgsl.

override WORKGROUP_SIZE: u32;

@group(0) @binding(0) var<storage, read> tiles: array<Tile>;
@group(0) @binding(1) var<storage, read> courses: array<Course>; // of each tile
@group(0) @binding(2) var<storage, read> inverse: array<f32>; // of the diagonal, 0 where an opacity is given
@group(0) @binding(3) var<storage, read> direction: array<f32>;
@group(0) @binding(4) var<storage, read> product: array<f32>; // of the direction
@group(0) @binding(5) var<storage, read_write> opacity: array<f32>;
@group(0) @binding(6) var<storage, read_write> residual: array<f32>;
@group(0) @binding(7) var<storage, read_write> parts: array<f32>; // of rho, one per workgroup

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let tile = tiles[group.y];
  let course = courses[group.y];
  let i = group.x * WORKGROUP_SIZE + lane;
  if (course.runs == 0 || group.x >= tile.groups) {
    return;
  }
  var part = 0.0;
  if (i < tile.width * tile.height) {
    let index = tile.first + i;
    if (inverse[index] > 0) {
      opacity[index] += course.step * direction[index];
      let rest = residual[index] - course.step * product[index];
      residual[index] = rest;
      part = inverse[index] * rest * rest;
    }
  }
  let sum = group_sum(part, lane);
  if (lane == 0) {
    parts[tile.part + group.x] = sum;
  }
}
