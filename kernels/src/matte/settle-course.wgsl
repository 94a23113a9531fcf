// Sums what the workgroups of each tile summed, and what follows from it for the course of conjugate
// gradients: one workgroup per tile. Linked with tiles.wgsl and group-sum.wgsl.

override WORKGROUP_SIZE: u32;
override STAGE: u32; // position in COURSE_STAGES of conjugate-gradients.ts
override TOLERANCE: f32; // share of the first residual that may remain

const START = 0u; // the sum is rho
const STEP = 1u; // it is the curvature along the direction
const LEAST_RHO = 1e-20;

@group(0) @binding(0) var<storage, read> tiles: array<Tile>;
@group(0) @binding(1) var<storage, read> parts: array<f32>; // one per workgroup
@group(0) @binding(2) var<storage, read_write> courses: array<Course>; // of each tile

fn settle(course: Course, sum: f32) -> Course {
  var next = course;
  if (STAGE == STEP) {
    next.runs = select(0u, course.runs, sum > 0);
    next.step = select(0.0, course.rho / sum, sum > 0);
    return next;
  }
  if (STAGE == START) {
    next.enough = sum * TOLERANCE * TOLERANCE;
  } else {
    next.turn = sum / course.rho;
  }
  next.rho = sum;
  next.runs = select(0u, 1u, sum > next.enough && sum > LEAST_RHO);
  return next;
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let tile = tiles[group.x];
  var value = 0.0;
  for (var i = lane; i < tile.groups; i += WORKGROUP_SIZE) {
    value += parts[tile.part + i];
  }
  let sum = group_sum(value, lane);
  if (lane == 0) {
    if (STAGE == START) {
      courses[group.x] = settle(Course(), sum);
    } else if (courses[group.x].runs == 1) {
      courses[group.x] = settle(courses[group.x], sum);
    }
  }
}
