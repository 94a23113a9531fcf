// Tints the pixels of a photograph that a mask has inside, and draws a line along the mask's edge.
//
// Sizes are read from a buffer, so that one pipeline serves photographs of all sizes.

override WORKGROUP_SIZE: u32;

struct Parameters {
  width: u32,
  height: u32,
  row_pitch: u32, // pixels from one row of the photograph to the next
  out_row_pitch: u32,
  mask_offset: u32, // in words
  outline_squared: u32, // four times the square of the line's radius; 0 for none
  reach: u32, // whole pixels in that radius
  opacity: f32, // of the tint
  tint: vec4f, // red, green and blue in levels, 0 to 255
  line: vec4f,
}

@group(0) @binding(0) var<storage, read> parameters: Parameters;
@group(0) @binding(1) var<storage, read> pixels: array<u32>; // [height, row_pitch], RGBA from the low byte
@group(0) @binding(2) var<storage, read> bits: array<u32>; // [height, words], left is low
@group(0) @binding(3) var<storage, read_write> result: array<u32>; // [height, out_row_pitch]

fn is_inside(column: i32, row: i32) -> bool {
  let words = (parameters.width + 31) / 32;
  let word = bits[parameters.mask_offset + u32(row) * words + u32(column) / 32];
  return ((word >> (u32(column) % 32)) & 1) == 1;
}

fn is_in_image(column: i32, row: i32) -> bool {
  return column >= 0 && row >= 0 && column < i32(parameters.width) && row < i32(parameters.height);
}

/// Inside, with a neighbour in the image that is not.
fn is_edge(column: i32, row: i32) -> bool {
  if (!is_in_image(column, row) || !is_inside(column, row)) {
    return false;
  }
  return (is_in_image(column - 1, row) && !is_inside(column - 1, row)) ||
    (is_in_image(column + 1, row) && !is_inside(column + 1, row)) ||
    (is_in_image(column, row - 1) && !is_inside(column, row - 1)) ||
    (is_in_image(column, row + 1) && !is_inside(column, row + 1));
}

/// Whether an edge pixel is within the line's radius.
fn is_on_line(column: i32, row: i32) -> bool {
  let reach = i32(parameters.reach);
  for (var dy = -reach; dy <= reach; dy++) {
    for (var dx = -reach; dx <= reach; dx++) {
      if (u32(4 * (dx * dx + dy * dy)) <= parameters.outline_squared &&
          is_edge(column + dx, row + dy)) {
        return true;
      }
    }
  }
  return false;
}

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
