// Softmax over the last axis: y = exp(x - max(x)) / sum(exp(x - max(x))).
//
// LANES invocations share a row, and a workgroup takes GROUP_ROWS of them. Rows are staged in
// workgroup memory where they fit, so that x is read once and exp is computed once.

alias Value = vec4<f32>; // or f32, where rows are not multiples of four

override WIDTH: u32; // of a row, in Values
override ROWS: u32;
override LANES: u32; // a power of two
override GROUP_ROWS: u32;
override STAGED: bool;
override STAGE_SIZE: u32;
override X_OFFSET: u32; // in Values
override X_STRIDE: u32; // from row to row, in Values
override LANE_SHARE: f32; // 1, or 1 / 4 where a Value is one f32

@group(0) @binding(0) var<storage, read> x: array<Value>; // [ROWS, WIDTH]
@group(0) @binding(1) var<storage, read_write> y: array<Value>; // [ROWS, WIDTH]

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

/// The maximum over the lanes of a row, for each of them.
fn row_maximum(lane: u32, value: Value) -> f32 {
  let four = vec4f(value);
  partial[lane] = max(max(four.x, four.y), max(four.z, four.w));
  for (var stride = LANES / 2; stride > 0; stride /= 2) {
    workgroupBarrier();
    if (lane % LANES < stride) {
      partial[lane] = max(partial[lane], partial[lane + stride]);
    }
  }
  workgroupBarrier();
  let maximum = partial[lane - lane % LANES];
  workgroupBarrier();
  return maximum;
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

  var maximum = Value(-3.4028234e38);
  for (var i = lane % LANES; i < WIDTH; i += LANES) {
    let value = x[source + i];
    if (STAGED) {
      stage[staged_at + i] = value;
    }
    maximum = max(maximum, value);
  }
  let largest = row_maximum(lane, maximum);

  var sum = Value(0.0);
  for (var i = lane % LANES; i < WIDTH; i += LANES) {
    let power = exp(value_at(staged_at, source, i) - largest);
    if (STAGED) {
      stage[staged_at + i] = power;
    }
    sum += power;
  }
  let scale = 1.0 / row_sum(lane, sum);

  if (wanted_row < ROWS) {
    for (var i = lane % LANES; i < WIDTH; i += LANES) {
      var power = value_at(staged_at, source, i);
      if (!STAGED) {
        power = exp(power - largest);
      }
      y[row * WIDTH + i] = power * scale;
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
