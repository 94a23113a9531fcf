// Second of two passes that resize a photograph: its columns to another height, normalised, and with
// zeros right of it and below it up to a square.

const FIXED_POINT = 0u; // as in resample-columns.wgsl
const OPENCV_LINEAR = 1u;
const FLOATS = 2u;

alias Sample = i32; // f32 for FLOATS

override MODE: u32 = FIXED_POINT;
override ROUND_LEVELS: bool = false; // FLOATS: to whole levels, halves to the even one
override WORKGROUP_SIZE: u32;
override SIZE: u32; // of the square
override MEAN_RED: f32; // in levels, 0 to 255, as the deviations
override MEAN_GREEN: f32;
override MEAN_BLUE: f32;
override DEVIATION_RED: f32;
override DEVIATION_GREEN: f32;
override DEVIATION_BLUE: f32;

struct Parameters {
  height: u32, // of the photograph
  out_width: u32,
  out_height: u32,
  longest: u32, // weights per output position
}

@group(0) @binding(0) var<storage, read> parameters: Parameters;
@group(0) @binding(1) var<storage, read> samples: array<Sample>; // [height, out_width, 3]
@group(0) @binding(2) var<storage, read> taps: array<i32>; // [out_height, first + weights]
@group(0) @binding(3) var<storage, read_write> y: array<f32>; // [SIZE, SIZE, 3]

fn sample_at(row: i32, column: u32) -> vec3<Sample> {
  let inside = u32(clamp(row, 0, i32(parameters.height) - 1));
  let i = 3 * (inside * parameters.out_width + column);
  return vec3<Sample>(samples[i], samples[i + 1], samples[i + 2]);
}

/// The colour in levels, 0 to 255.
fn levels_at(row: u32, column: u32) -> vec3f {
  let entry = row * (parameters.longest + 1);
  let first = taps[entry];
  if (MODE == OPENCV_LINEAR) {
    // OpenCV drops four bits before it multiplies, and sixteen after.
    let above = taps[entry + 1] * (vec3i(sample_at(first, column)) >> vec3u(4));
    let below = taps[entry + 2] * (vec3i(sample_at(first + 1, column)) >> vec3u(4));
    let blended = ((above >> vec3u(16)) + (below >> vec3u(16)) + 2) >> vec3u(2);
    return vec3f(clamp(blended, vec3i(0), vec3i(255)));
  }
  var sum = vec3<Sample>();
  for (var tap = 0u; tap < parameters.longest; tap++) {
    sum += sample_at(first + i32(tap), column) * bitcast<Sample>(taps[entry + 1 + tap]);
  }
  if (MODE == FIXED_POINT) {
    let rounded = (vec3i(sum) + (1 << 21)) >> vec3u(22);
    return vec3f(clamp(rounded, vec3i(0), vec3i(255)));
  }
  if (ROUND_LEVELS) {
    return clamp(round(vec3f(sum)), vec3f(0.0), vec3f(255.0));
  }
  return vec3f(sum);
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) group_count: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let step = (group.y * group_count.x + group.x) * WORKGROUP_SIZE + lane;
  let column = step % SIZE;
  let row = step / SIZE;
  if (row >= SIZE) {
    return;
  }
  var result = vec3f();
  if (row < parameters.out_height && column < parameters.out_width) {
    let mean = vec3f(MEAN_RED, MEAN_GREEN, MEAN_BLUE);
    let deviation = vec3f(DEVIATION_RED, DEVIATION_GREEN, DEVIATION_BLUE);
    result = (levels_at(row, column) - mean) / deviation;
  }
  y[3 * step] = result.x;
  y[3 * step + 1] = result.y;
  y[3 * step + 2] = result.z;
}
