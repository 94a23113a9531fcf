// First of two passes that resize a photograph: its rows to another width, all at once or in strips.
//
// Sizes are read from a buffer, so that one pipeline serves photographs of all sizes.

const FIXED_POINT = 0u; // Pillow: weights with 22 bits of fraction, 8 bits between the passes
const FLOATS = 2u; // PyTorch
const OPENCV_AREA = 3u; // f32, every product and every sum rounded on its own

alias Sample = i32; // f32 for FLOATS and OPENCV_AREA

override MODE: u32 = FIXED_POINT;
override WORKGROUP_SIZE: u32;

struct Parameters {
  width: u32, // of the photograph
  height: u32, // of the strip
  first_row: u32, // of the strip, in the photograph
  row_pitch: u32, // pixels from one of its rows to the next
  out_width: u32,
  longest: u32, // weights per output position
  channels: u32, // 3 or 4
  zero: u32, // always
}

@group(0) @binding(0) var<storage, read> parameters: Parameters;
@group(0) @binding(1) var<storage, read> pixels: array<u32>; // [height, row_pitch, channels] bytes, red first
@group(0) @binding(2) var<storage, read> taps: array<i32>; // [out_width, first + weights]
@group(0) @binding(3) var<storage, read_write> samples: array<Sample>; // [rows of the photograph, out_width, 3]

/// The colour of a pixel over white, rounded to whole levels.
fn color_at(index: u32) -> vec3u {
  if (parameters.channels == 3) {
    let byte = 3 * index;
    let shift = 8 * (byte % 4);
    var color = pixels[byte / 4] >> shift;
    if (shift > 8) {
      color |= pixels[byte / 4 + 1] << (32 - shift);
    }
    return (vec3u(color) >> vec3u(0, 8, 16)) & vec3u(255);
  }
  let pixel = pixels[index];
  let color = (vec3u(pixel) >> vec3u(0, 8, 16)) & vec3u(255);
  let alpha = pixel >> 24;
  return (color * alpha + 255 * (255 - alpha) + 127) / 255;
}

/// Compilers fuse a product with the sum that it goes to, which rounds once instead of twice. They
/// cannot here, as they do not know that nothing is changed.
fn rounded(product: vec3<Sample>) -> vec3<Sample> {
  return bitcast<vec3<Sample>>(bitcast<vec3u>(product) ^ vec3u(parameters.zero));
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
    let color = vec3<Sample>(color_at(row * parameters.row_pitch + source));
    let product = color * bitcast<Sample>(taps[entry + 1 + tap]);
    if (MODE == OPENCV_AREA) {
      sum += rounded(product);
    } else {
      sum += product;
    }
  }
  if (MODE == FIXED_POINT) {
    let rounded = (vec3i(sum) + (1 << 21)) >> vec3u(22);
    sum = vec3<Sample>(clamp(rounded, vec3i(0), vec3i(255)));
  }
  let i = 3 * (parameters.first_row * parameters.out_width + step);
  samples[i] = sum.x;
  samples[i + 1] = sum.y;
  samples[i + 2] = sum.z;
}
