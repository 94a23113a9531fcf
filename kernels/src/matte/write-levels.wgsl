// Opacities of tiles, without their margins, as bytes. What haze leaves near 0 and 1 is taken off.
// Linked with tiles.wgsl.

override WORKGROUP_SIZE: u32;
override HAZE: f32;
override HAZE_DEVIATIONS: f32; // so many standard deviations are haze, too
override MOST_HAZE: f32;

@group(0) @binding(0) var<storage, read> tiles: array<Tile>;
@group(0) @binding(1) var<storage, read> opacity: array<f32>;
@group(0) @binding(2) var<storage, read> certainty: array<f32>; // 0 where an opacity is given
@group(0) @binding(3) var<storage, read_write> levels: array<u32>; // rows of whole words

fn level_at(index: u32) -> u32 {
  let sure = certainty[index];
  let doubt = select(0.0, HAZE_DEVIATIONS * inverseSqrt(max(sure, 1e-12)), sure > 0);
  let haze = min(MOST_HAZE, HAZE + doubt);
  let share = clamp((opacity[index] - haze) / (1 - 2 * haze), 0.0, 1.0);
  return u32(floor(share * 255 + 0.5));
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let tile = tiles[group.y];
  let width = tile.width - 2 * tile.margin;
  let words = (width + 3) / 4;
  let i = group.x * WORKGROUP_SIZE + lane;
  let row = i / words;
  if (row >= tile.height - 2 * tile.margin) {
    return;
  }
  let column = 4 * (i % words);
  let start = tile.first + (row + tile.margin) * tile.width + tile.margin + column;
  var word = 0u;
  for (var k = 0u; k < min(4, width - column); k++) {
    word |= level_at(start + k) << (8 * k);
  }
  levels[tile.word + i] = word;
}
