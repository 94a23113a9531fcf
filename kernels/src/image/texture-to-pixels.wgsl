// Copies a texture, or a part of it, into a photograph of bytes.

override WORKGROUP_SIZE: u32;

struct Parameters {
  width: u32, // of the part
  height: u32,
  from_column: u32, // where it begins in the texture
  from_row: u32,
  offset: u32, // where it begins in the photograph, in pixels
  row_pitch: u32, // of the photograph, in pixels
  encode: u32, // 1: the texture gives linear light, so the transfer function of sRGB is applied
}

@group(0) @binding(0) var<storage, read> parameters: Parameters;
@group(0) @binding(1) var photo: texture_2d<f32>;
@group(0) @binding(2) var<storage, read_write> pixels: array<u32>; // RGBA from the low byte

fn encoded(linear: vec3f) -> vec3f {
  let curve = 1.055 * pow(linear, vec3f(1.0 / 2.4)) - 0.055;
  return select(curve, 12.92 * linear, linear <= vec3f(0.0031308));
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) group_count: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let step = (group.y * group_count.x + group.x) * WORKGROUP_SIZE + lane;
  let column = step % parameters.width;
  let row = step / parameters.width;
  if (row >= parameters.height) {
    return;
  }
  let place = vec2u(parameters.from_column + column, parameters.from_row + row);
  var color = clamp(textureLoad(photo, place, 0), vec4f(0.0), vec4f(1.0));
  if (parameters.encode == 1) {
    color = vec4f(encoded(color.rgb), color.a);
  }
  let levels = vec4u(round(color * 255.0)) << vec4u(0, 8, 16, 24);
  pixels[parameters.offset + row * parameters.row_pitch + column] =
    levels.x | levels.y | levels.z | levels.w;
}
