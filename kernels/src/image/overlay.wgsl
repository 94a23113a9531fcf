// Tints the pixels of a photograph that a mask has inside, and draws a line along the mask's edge.
// Linked with outline.wgsl.

override WORKGROUP_SIZE: u32;

@group(0) @binding(2) var<storage, read> pixels: array<u32>; // [height, row_pitch], RGBA from the low byte
@group(0) @binding(3) var<storage, read_write> result: array<u32>; // [height, out_row_pitch]

/// The tint over a pixel with straight alpha (Porter and Duff's "over").
fn tinted(pixel: vec4f) -> vec4f {
  let below = pixel.a / 255.0 * (1.0 - parameters.opacity);
  let alpha = parameters.opacity + below;
  if (alpha == 0) {
    return pixel;
  }
  let color = pixel.rgb + (parameters.tint.rgb - pixel.rgb) * (parameters.opacity / alpha);
  return vec4f(color, alpha * 255.0);
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
  let packed = pixels[row * parameters.row_pitch + column];
  var pixel = vec4f((vec4u(packed) >> vec4u(0, 8, 16, 24)) & vec4u(255));
  if (is_inside(i32(column), i32(row))) {
    pixel = tinted(pixel);
  }
  if (parameters.outline_squared > 0 && is_on_line(i32(column), i32(row))) {
    pixel = vec4f(parameters.line.rgb, 255.0);
  }
  let levels = vec4u(clamp(round(pixel), vec4f(0.0), vec4f(255.0))) << vec4u(0, 8, 16, 24);
  result[row * parameters.out_row_pitch + column] = levels.x | levels.y | levels.z | levels.w;
}
