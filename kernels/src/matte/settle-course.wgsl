// Sums what the blocks of each tile summed, and what follows from it for the course of conjugate
// gradients: one workgroup per tile. Linked with tiles.wgsl, courses.wgsl and
// group-sum.wgsl.

override WORKGROUP_SIZE: u32;
override STAGE: u32; // position in COURSE_STAGES of conjugate-gradients.ts
override TOLERANCE: f32; // share of the first residual that may remain

const AT_START = 0u; // the sum is rho
const AT_STEP = 1u; // it is the curvature along the direction
const LEAST_RHO = 1e-20;

@group(0) @binding(0) var<storage, read> tiles: array<Tile>;
@group(0) @binding(1) var<storage, read> parts: array<f32>; // one per block
@group(0) @binding(2) var<storage, read_write> courses: array<u32>; // and flags of blocks

fn settle(course: u32, sum: f32) {
  let rho = bitcast<f32>(courses[course + RHO]);
  if (STAGE == AT_STEP) {
    courses[course + STEP] = bitcast<u32>(select(0.0, rho / sum, sum > 0));
    courses[course + RUNS] = select(0u, 1u, sum > 0);
    return;
  }
  if (STAGE == AT_START) {
    courses[course + ENOUGH] = bitcast<u32>(sum * TOLERANCE * TOLERANCE);
  } else {
    courses[course + TURN] = bitcast<u32>(sum / rho);
  }
  courses[course + RHO] = bitcast<u32>(sum);
  let enough = bitcast<f32>(courses[course + ENOUGH]);
  courses[course + RUNS] = select(0u, 1u, sum > enough && sum > LEAST_RHO);
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let tile = tiles[group.x];
  var value = 0.0;
  for (var i = lane; i < tile.blocks; i += WORKGROUP_SIZE) {
    // What was not open wrote nothing.
    if ((block_flags(tile, i) & OPEN) != 0) {
      value += parts[tile.part + i];
    }
  }
  let sum = group_sum(value, lane);
  if (lane == 0 && courses[tile.course + RUNS] == 1) {
    settle(tile.course, sum);
  }
}
