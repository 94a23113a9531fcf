// Second of two passes that resize a photograph: its columns to another height, normalised, and with
// zeros right of it and below it up to a square.

const FIXED_POINT = 0u; // as in resample-columns.wgsl
const OPENCV_LINEAR = 1u;
const FLOATS = 2u;
const OPENCV_AREA = 3u;
const OPENCV_BLOCKS = 4u; // sums of whole blocks, then their mean

alias Sample = i32; // f32 for FLOATS and OPENCV_AREA

override MODE: u32 = FIXED_POINT;
override WORKGROUP_SIZE: u32;
override SIZE: u32; // of the square
override MEAN_RED: f32; // for FLOATS, in levels from 0 to 255, as the deviations
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
  share: f32, // OPENCV_BLOCKS: of a pixel in its block; 0 for 2 x 2, whose mean rounds halves up
  zero: u32, // always
}

@group(0) @binding(0) var<storage, read> parameters: Parameters;
@group(0) @binding(1) var<storage, read> samples: array<Sample>; // [height, out_width, 3]
@group(0) @binding(2) var<storage, read> taps: array<i32>; // [out_height, first + weights]
@group(0) @binding(3) var<storage, read> levels: array<f32>; // [3, 256]: whole levels, normalised
@group(0) @binding(4) var<storage, read_write> y: array<f32>; // [SIZE, SIZE, 3]

fn sample_at(row: i32, column: u32) -> vec3<Sample> {
  let inside = u32(clamp(row, 0, i32(parameters.height) - 1));
  let i = 3 * (inside * parameters.out_width + column);
  return vec3<Sample>(samples[i], samples[i + 1], samples[i + 2]);
}

/// As in resample-columns.wgsl: keeps a product from being fused with a sum.
fn rounded(product: vec3<Sample>) -> vec3<Sample> {
  return bitcast<vec3<Sample>>(bitcast<vec3u>(product) ^ vec3u(parameters.zero));
}

/// The colour in levels, 0 to 255: whole ones, but for FLOATS.
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
    let product = sample_at(first + i32(tap), column) * bitcast<Sample>(taps[entry + 1 + tap]);
    if (MODE == OPENCV_AREA) {
      sum += rounded(product);
    } else {
      sum += product;
    }
  }
  if (MODE == FIXED_POINT) {
    return vec3f(clamp((vec3i(sum) + (1 << 21)) >> vec3u(22), vec3i(0), vec3i(255)));
  }
  if (MODE == OPENCV_BLOCKS) {
    if (parameters.share == 0) {
      return vec3f((vec3i(sum) + 2) >> vec3u(2));
    }
    return clamp(round(vec3f(sum) * parameters.share), vec3f(0.0), vec3f(255.0));
  }
  if (MODE == OPENCV_AREA) {
    return clamp(round(vec3f(sum)), vec3f(0.0), vec3f(255.0));
  }
  return vec3f(sum);
}

/// Whole levels are looked up: a device's own division may be off by a few steps.
fn normalized(color: vec3f) -> vec3f {
  if (MODE == FLOATS) {
    let mean = vec3f(MEAN_RED, MEAN_GREEN, MEAN_BLUE);
    let deviation = vec3f(DEVIATION_RED, DEVIATION_GREEN, DEVIATION_BLUE);
    return (color - mean) / deviation;
  }
  let level = vec3u(color);
  return vec3f(levels[level.x], levels[256 + level.y], levels[512 + level.z]);
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
    result = normalized(levels_at(row, column));
  }
  y[3 * step] = result.x;
  y[3 * step + 1] = result.y;
  y[3 * step + 2] = result.z;
}
