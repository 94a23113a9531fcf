// How much of each pixel of a target a mask covers that is shown larger, smaller or turned there.
// Linked with cover-target.wgsl.
//
// The mask is averaged over a square around each place, and the average's slope is made that of an
// edge one target pixel wide. A square of two pixels of the mask turns the stairs of its edge into a
// curve; one of a target pixel leaves them as they are.

struct Parameters {
  to_mask: vec4f, // a, b, c, d of the matrix from pixels of the target to pixels of the mask
  origin: vec2f, // its e and f
  size: vec2u, // of the mask, in pixels
  reach: f32, // half of the square's side, in pixels of the mask
  sharpness: f32, // slope of the result per unit of the average
}

@group(0) @binding(0) var<storage, read> parameters: Parameters;
@group(0) @binding(1) var<storage, read> bits: array<u32>; // [height, words], left is low

/// Most pixels that are looked at along each side of the square.
const MOST_TAPS = 16;

fn level(column: i32, row: i32) -> f32 {
  let words = (parameters.size.x + 31) / 32;
  let word = bits[u32(row) * words + u32(column) / 32];
  return f32((word >> (u32(column) % 32)) & 1);
}

@fragment
fn shade(@builtin(position) place: vec4f) -> @location(0) vec4f {
  let to_mask = parameters.to_mask;
  let center = vec2f(
    to_mask.x * place.x + to_mask.z * place.y,
    to_mask.y * place.x + to_mask.w * place.y,
  ) + parameters.origin;
  let low = center - parameters.reach;
  let high = center + parameters.reach;
  let last = vec2i(parameters.size) - 1;
  let first = vec2i(floor(low));
  let end = vec2i(floor(high));
  // Of large squares every few pixels will do.
  let step = vec2i(max(vec2f(1.0), ceil(vec2f(end - first + 1) / f32(MOST_TAPS))));
  var sum = 0.0;
  var total = 0.0;
  for (var row = first.y; row <= end.y; row += step.y) {
    let down = min(high.y, f32(row + 1)) - max(low.y, f32(row));
    for (var column = first.x; column <= end.x; column += step.x) {
      let across = min(high.x, f32(column + 1)) - max(low.x, f32(column));
      total += across * down;
      if (column >= 0 && row >= 0 && column <= last.x && row <= last.y) {
        sum += across * down * level(column, row);
      }
    }
  }
  let covered = 0.5 + (sum / total - 0.5) * parameters.sharpness;
  return vec4f(clamp(covered, 0.0, 1.0), 0.0, 0.0, 1.0);
}
