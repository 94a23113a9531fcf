// First of two passes that resize a photograph: its rows to another width.
//
// Sizes are read from a buffer, so that one pipeline serves photographs of all sizes.

const FIXED_POINT = 0u; // Pillow: weights with 22 bits of fraction, 8 bits between the passes
const OPENCV_LINEAR = 1u; // weights with 11 bits, sums kept whole
const FLOATS = 2u;

alias Sample = i32; // f32 for FLOATS

override MODE: u32 = FIXED_POINT;
override WORKGROUP_SIZE: u32;

struct Parameters {
  width: u32, // of the photograph
  height: u32,
  row_pitch: u32, // pixels from one of its rows to the next
  out_width: u32,
  longest: u32, // weights per output position
}

@group(0) @binding(0) var<storage, read> parameters: Parameters;
@group(0) @binding(1) var<storage, read> pixels: array<u32>; // [height, row_pitch], RGBA from the low byte
@group(0) @binding(2) var<storage, read> taps: array<i32>; // [out_width, first + weights]
@group(0) @binding(3) var<storage, read_write> samples: array<Sample>; // [height, out_width, 3]

/// The colour over white, rounded to whole levels.
fn color_of(pixel: u32) -> vec3u {
  let color = (vec3u(pixel) >> vec3u(0, 8, 16)) & vec3u(255);
  let alpha = pixel >> 24;
  return (color * alpha + 255 * (255 - alpha) + 127) / 255;
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) group_count: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let step = (group.y * group_count.x + group.x) * WORKGROUP_SIZE + lane;
  let column = step % parameters.out_width;
  let row = step / parameters.out_width;
  if (row >= parameters.height) {
    return;
  }
  let entry = column * (parameters.longest + 1);
  let first = taps[entry];
  let last = i32(parameters.width) - 1;
  var sum = vec3<Sample>();
  for (var tap = 0u; tap < parameters.longest; tap++) {
    let source = u32(clamp(first + i32(tap), 0, last));
    let color = vec3<Sample>(color_of(pixels[row * parameters.row_pitch + source]));
    sum += color * bitcast<Sample>(taps[entry + 1 + tap]);
  }
  if (MODE == FIXED_POINT) {
    let rounded = (vec3i(sum) + (1 << 21)) >> vec3u(22);
    sum = vec3<Sample>(clamp(rounded, vec3i(0), vec3i(255)));
  }
  samples[3 * step] = sum.x;
  samples[3 * step + 1] = sum.y;
  samples[3 * step + 2] = sum.z;
}
