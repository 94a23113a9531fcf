// Layer norm over the last axis: y = (x - mean) / sqrt(variance + EPSILON) * weight + bias.
//
// LANES invocations share a row, and a workgroup takes GROUP_ROWS of them. Rows are staged in
// workgroup memory where they fit, so that x is read once. The variance is the mean squared
// deviation: mean(x²) - mean(x)² cancels where |mean| is large.

alias Value = vec4<f32>; // or f32, where rows are not multiples of four

override WIDTH: u32; // of a row, in Values
override ROWS: u32;
override LANES: u32; // a power of two
override GROUP_ROWS: u32;
override STAGED: bool;
override STAGE_SIZE: u32;
override X_OFFSET: u32; // in Values
override X_STRIDE: u32; // from row to row, in Values
override COUNT: f32; // elements of a row
override LANE_SHARE: f32; // 1, or 1 / 4 where a Value is one f32
override EPSILON: f32;

@group(0) @binding(0) var<storage, read> x: array<Value>; // [ROWS, WIDTH]
@group(0) @binding(1) var<storage, read> weight: array<Value>; // [WIDTH]
@group(0) @binding(2) var<storage, read> bias: array<Value>; // [WIDTH]
@group(0) @binding(3) var<storage, read_write> y: array<Value>; // [ROWS, WIDTH]

var<workgroup> stage: array<Value, STAGE_SIZE>; // [GROUP_ROWS, WIDTH]
var<workgroup> partial: array<f32, GROUP_ROWS * LANES>;

/// The sum over the lanes of a row, for each of them.
fn row_sum(lane: u32, value: Value) -> f32 {
  partial[lane] = dot(vec4f(value), vec4f(LANE_SHARE));
  for (var stride = LANES / 2; stride > 0; stride /= 2) {
    workgroupBarrier();
    if (lane % LANES < stride) {
      partial[lane] += partial[lane + stride];
    }
  }
  workgroupBarrier();
  let sum = partial[lane - lane % LANES];
  workgroupBarrier();
  return sum;
}

@compute @workgroup_size(GROUP_ROWS * LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) group_count: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let first_row = (group.y * group_count.x + group.x) * GROUP_ROWS;
  if (first_row >= ROWS) {
    return;
  }
  // Lanes past the last row repeat it and write nothing.
  let wanted_row = first_row + lane / LANES;
  let row = min(wanted_row, ROWS - 1);
  let source = X_OFFSET + row * X_STRIDE;
  let staged_at = (lane / LANES) * WIDTH;

  var sum = Value(0.0);
  for (var i = lane % LANES; i < WIDTH; i += LANES) {
    let value = x[source + i];
    if (STAGED) {
      stage[staged_at + i] = value;
    }
    sum += value;
  }
  let mean = row_sum(lane, sum) / COUNT;

  var squared_deviation = Value(0.0);
  for (var i = lane % LANES; i < WIDTH; i += LANES) {
    let deviation = value_at(staged_at, source, i) - mean;
    squared_deviation += deviation * deviation;
  }
  let scale = inverseSqrt(row_sum(lane, squared_deviation) / COUNT + EPSILON);

  if (wanted_row < ROWS) {
    for (var i = lane % LANES; i < WIDTH; i += LANES) {
      let deviation = value_at(staged_at, source, i) - mean;
      y[row * WIDTH + i] = deviation * scale * weight[i] + bias[i];
    }
  }
}

// A lane reads back only what it staged itself.
fn value_at(staged_at: u32, source: u32, i: u32) -> Value {
  if (STAGED) {
    return stage[staged_at + i];
  }
  return x[source + i];
}
