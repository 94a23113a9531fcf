// Where a mask of a photograph and the line along its edge are, pixel by pixel. Linked with what
// draws them.
//
// Sizes are read from a buffer, so that one pipeline serves photographs of all sizes.

struct Parameters {
  width: u32, // of the photograph
  height: u32,
  row_pitch: u32, // overlay.wgsl: pixels from one row of the photograph to the next
  out_row_pitch: u32,
  mask_offset: u32, // in words
  outline_squared: u32, // four times the square of the line's radius; 0 for none
  reach: u32, // whole pixels in that radius
  opacity: f32, // of the tint
  tint: vec4f, // red, green and blue: overlay.wgsl in levels, draw-overlay.wgsl as the target takes them
  line: vec4f,
  area: vec4f, // draw-overlay.wgsl: where the photograph lies in the target: left, top, width, height
}

@group(0) @binding(0) var<storage, read> parameters: Parameters;
@group(0) @binding(1) var<storage, read> bits: array<u32>; // [height, words], left is low

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
