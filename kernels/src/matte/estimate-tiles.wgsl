// The opacity of pixels as their colours and the mask together suggest it, each by its certainty.
// Linked with tiles.wgsl.

override WORKGROUP_SIZE: u32;
override DOUBT_ON_OUTLINE: f32; // standard deviation of an opacity from its label
override LEAST_DOUBT: f32;
override SETTLED: f32; // as near to 0 or 1 an opacity stays there, if it is sure
override SETTLED_CERTAINTY: f32;

const LINK_REACH = 2u;

struct Parameters {
  width: u32, // of the picture
  height: u32,
  side: u32, // of a cell
  grid_left: u32, // in cells
  grid_top: u32,
  grid_width: u32,
  grid_height: u32,
  settles: u32, // 1: what is sure is told from what is to be solved for
  outside: f32, // of the band
  inside: f32,
}

@group(0) @binding(0) var<storage, read> parameters: Parameters;
@group(0) @binding(1) var<storage, read> tiles: array<Tile>;
@group(0) @binding(2) var<storage, read> lines: array<f32>; // [grid_height, grid_width, 6]
@group(0) @binding(3) var<storage, read> pixels: array<u32>; // colours and flags
@group(0) @binding(4) var<storage, read_write> opacity: array<f32>;
@group(0) @binding(5) var<storage, read_write> certainty: array<f32>; // 0 where an opacity is given

/// The cell at or before a pixel, along one axis, and how far behind its middle the pixel lies.
fn cell_before(pixel: i32, first: u32, cells: u32) -> vec2f {
  let side = i32(parameters.side);
  let behind = pixel - side / 2 - i32(first) * side;
  let last = i32(cells) - 1;
  if (behind <= 0 || last == 0) {
    return vec2f();
  }
  let cell = min(behind / side, last - 1);
  return vec2f(f32(cell), min(1.0, f32(behind - cell * side) / f32(side)));
}

struct Line {
  color: vec3f,
  rest: vec3f, // offset, variance and distance
}

fn line_at(row: u32, column: u32) -> Line {
  let at = (row * parameters.grid_width + column) * 6;
  return Line(
    vec3f(lines[at], lines[at + 1], lines[at + 2]),
    vec3f(lines[at + 3], lines[at + 4], lines[at + 5]),
  );
}

fn between(a: Line, b: Line, share: f32) -> Line {
  return Line(a.color + share * (b.color - a.color), a.rest + share * (b.rest - a.rest));
}

fn line_of(place: vec2i) -> Line {
  let across = cell_before(place.x, parameters.grid_left, parameters.grid_width);
  let down = cell_before(place.y, parameters.grid_top, parameters.grid_height);
  let left = u32(across.x);
  let top = u32(down.x);
  let right = min(left + 1, parameters.grid_width - 1);
  let bottom = min(top + 1, parameters.grid_height - 1);
  return between(
    between(line_at(top, left), line_at(bottom, left), down.y),
    between(line_at(top, right), line_at(bottom, right), down.y),
    across.y,
  );
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let tile = tiles[group.y];
  let i = group.x * WORKGROUP_SIZE + lane;
  if (i >= tile.width * tile.height) {
    return;
  }
  let at = vec2u(i % tile.width, i / tile.width);
  let place = vec2i(at) + vec2i(tile.left, tile.top);
  let size = vec2i(i32(parameters.width), i32(parameters.height));
  let index = tile.first + i;
  if (any(place < vec2i()) || any(place >= size)) {
    opacity[index] = 0.0;
    certainty[index] = 0.0;
    return;
  }
  let line = line_of(place);
  let pixel = pixels[index];
  let label = select(0.0, 1.0, (pixel & LABEL) != 0);
  let reach = select(parameters.outside, parameters.inside, label == 1);
  let doubt = DOUBT_ON_OUTLINE * max(0.0, 1 - line.rest.z / reach) + LEAST_DOUBT;
  let of_mask = 1 / (doubt * doubt);
  let by_color = line.rest.x + dot(line.color, unpack4x8unorm(pixel).rgb);
  // A colour far beyond a side is as sure to belong there as one that lies on it.
  let bounded = clamp(by_color, -0.2, 1.2);
  let of_color = 1 / line.rest.y;
  let sure = of_color + of_mask;
  let value = (bounded * of_color + label * of_mask) / sure;
  if (parameters.settles == 0) {
    opacity[index] = value;
    certainty[index] = sure;
    return;
  }
  // Pixels whose links would leave the tile are given.
  let far = vec2u(tile.width, tile.height) - LINK_REACH;
  if (any(at < vec2u(LINK_REACH)) || any(at >= far)) {
    opacity[index] = value;
    certainty[index] = 0.0;
    return;
  }
  let is_settled = (value < SETTLED || value > 1 - SETTLED) && sure > SETTLED_CERTAINTY;
  opacity[index] = select(clamp(value, 0.0, 1.0), select(1.0, 0.0, value < 0.5), is_settled);
  certainty[index] = select(sure, 0.0, is_settled);
}
