// Softmax as in softmax.wgsl, one row per invocation. For rasterisers on the CPU, where an
// exchange between invocations costs more than it saves. Rows are multiples of four.

override WORKGROUP_SIZE: u32;
override WIDTH: u32; // of a row, in vec4s
override ROWS: u32;
override X_OFFSET: u32; // in vec4s
override X_STRIDE: u32; // from row to row, in vec4s

@group(0) @binding(0) var<storage, read> x: array<vec4f>; // [ROWS, WIDTH]
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>; // [ROWS, WIDTH]

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) group_count: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = (group.y * group_count.x + group.x) * WORKGROUP_SIZE + lane;
  if (row >= ROWS) {
    return;
  }
  let source = X_OFFSET + row * X_STRIDE;
  var maximum = vec4f(-3.4028234e38);
  for (var i = 0u; i < WIDTH; i++) {
    maximum = max(maximum, x[source + i]);
  }
  let largest = max(max(maximum.x, maximum.y), max(maximum.z, maximum.w));
  var sum = vec4f();
  for (var i = 0u; i < WIDTH; i++) {
    let power = exp(x[source + i] - largest);
    y[row * WIDTH + i] = power;
    sum += power;
  }
  let scale = 1.0 / dot(sum, vec4f(1.0));
  for (var i = 0u; i < WIDTH; i++) {
    y[row * WIDTH + i] *= scale;
  }
}
