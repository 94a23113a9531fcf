// The tint of a mask, and a line with a halo along its edge, which may be dashes that march, from how
// much the mask covers of each pixel of the target (mask-coverage.wgsl). Premultiplied. Linked
// with cover-target.wgsl.

struct Parameters {
  tint: vec4f, // straight, as all colours here
  line: vec4f,
  gap: vec4f, // between dashes
  halo: vec4f,
  size: vec2f, // of the coverage, in its texels, which are pixels of the target
  line_radius: f32, // in pixels of the target; 0 for no line
  halo_radius: f32, // to the outside of the halo
  dash: f32, // length of a dash, and of a gap, in pixels; 0 for a line without gaps
  phase: f32, // how far dashes have come, in pixels
  opacity: f32, // of all
  margin: f32, // texels of the coverage beyond each side of the target
}

@group(0) @binding(0) var<storage, read> parameters: Parameters;
@group(0) @binding(1) var coverage: texture_2d<f32>;
@group(0) @binding(2) var between: sampler; // linear, clamped

const DIRECTIONS = 16;
const TURN = 6.283185307179586;

fn covered(place: vec2f) -> f32 {
  return textureSampleLevel(coverage, between, (place + parameters.margin) / parameters.size, 0.0).r;
}

fn direction(index: i32) -> vec2f {
  let angle = f32(index) * (TURN / f32(DIRECTIONS));
  return vec2f(cos(angle), sin(angle));
}

/// Between texels an edge is up to two pixels wide; lines are as if it was one, wherever it lies.
const SHARPNESS = 1.6;

/// How much of a disc's rim differs: 1 where the edge passes within, 0 where it is farther away.
fn ring(place: vec2f, radius: f32, here: f32) -> f32 {
  var low = here;
  var high = here;
  for (var i = 0; i < DIRECTIONS; i++) {
    let level = covered(place + direction(i) * radius);
    low = min(low, level);
    high = max(high, level);
  }
  let ends = clamp((vec2f(low, high) - 0.5) * SHARPNESS + 0.5, vec2f(0.0), vec2f(1.0));
  return ends.y - ends.x;
}

/// Where along the edge a place is, measured in the nearest of eight directions; the mask lies to the right.
fn along(place: vec2f, radius: f32) -> f32 {
  var inwards = vec2f(0.0);
  for (var i = 0; i < DIRECTIONS; i++) {
    inwards += direction(i) * covered(place + direction(i) * radius);
  }
  let eighths = round(atan2(-inwards.x, inwards.y) / (TURN / 8.0));
  let angle = eighths * (TURN / 8.0);
  return dot(place, vec2f(cos(angle), sin(angle)));
}

/// 1 in a dash, 0 in a gap, and in between where they meet.
fn dashes(distance: f32) -> f32 {
  let period = 2.0 * parameters.dash;
  let at = fract(distance / period) * period;
  let inside = select(-min(at - parameters.dash, period - at), min(at, parameters.dash - at), at < parameters.dash);
  return clamp(inside + 0.5, 0.0, 1.0);
}

/// Porter and Duff's "over", of a straight colour with a share of its alpha over a premultiplied one.
fn over(color: vec4f, share: f32, below: vec4f) -> vec4f {
  let alpha = color.a * share;
  return vec4f(color.rgb * alpha, alpha) + below * (1.0 - alpha);
}

@fragment
fn shade(@builtin(position) position: vec4f) -> @location(0) vec4f {
  let place = position.xy;
  let here = covered(place);
  var result = over(parameters.tint, here, vec4f(0.0));
  if (parameters.line_radius > 0.0) {
    let near = ring(place, parameters.halo_radius, here);
    if (near > 0.0) {
      result = over(parameters.halo, near, result);
      let on_line = ring(place, parameters.line_radius, here);
      var color = parameters.line;
      if (parameters.dash > 0.0) {
        let distance = along(place, parameters.halo_radius + 1.0) - parameters.phase;
        color = mix(parameters.gap, parameters.line, dashes(distance));
      }
      result = over(color, on_line, result);
    }
  }
  return result * parameters.opacity;
}
