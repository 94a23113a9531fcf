// Averages the lines of neighbouring cells by their certainty, and puts the distance beside them.

override WORKGROUP_SIZE: u32;
override LEAST_CERTAINTY: f32; // below, no window said anything
override UNKNOWN_VARIANCE: f32;

struct Parameters {
  width: u32, // of the grid
  height: u32,
  radius: u32, // in cells
}

@group(0) @binding(0) var<storage, read> parameters: Parameters;
@group(0) @binding(1) var<storage, read> cells: array<vec2u>; // [height, width]: colour and flags, distance
@group(0) @binding(2) var<storage, read> sums: array<f32>; // [height, width, 6]: line and weight
@group(0) @binding(3) var<storage, read_write> lines: array<f32>; // [height, width, 6]: line and distance

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) group_count: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let cell = (group.y * group_count.x + group.x) * WORKGROUP_SIZE + lane;
  let row = cell / parameters.width;
  let column = cell % parameters.width;
  if (row >= parameters.height) {
    return;
  }
  let radius = parameters.radius;
  var color = vec3f();
  var rest = vec3f(); // offset, variance and weight
  for (var y = max(row, radius) - radius; y <= min(row + radius, parameters.height - 1); y++) {
    for (var x = max(column, radius) - radius; x <= min(column + radius, parameters.width - 1); x++) {
      let at = (y * parameters.width + x) * 6;
      color += vec3f(sums[at], sums[at + 1], sums[at + 2]);
      rest += vec3f(sums[at + 3], sums[at + 4], sums[at + 5]);
    }
  }
  let side = f32(2 * radius + 1);
  if (rest.z > LEAST_CERTAINTY * side * side) {
    color /= rest.z;
    rest /= rest.z;
  } else {
    color = vec3f();
    rest = vec3f(0.5, UNKNOWN_VARIANCE, 0.0);
  }
  lines[cell * 6] = color.x;
  lines[cell * 6 + 1] = color.y;
  lines[cell * 6 + 2] = color.z;
  lines[cell * 6 + 3] = rest.x;
  lines[cell * 6 + 4] = rest.y;
  lines[cell * 6 + 5] = bitcast<f32>(cells[cell].y);
}
