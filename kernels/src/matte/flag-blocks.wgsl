// Finds the blocks of tiles where opacities are to be found, so that all others cost next to nothing.
// Linked with tiles.wgsl and courses.wgsl.

override WORKGROUP_SIZE: u32;

@group(0) @binding(0) var<storage, read> tiles: array<Tile>;
@group(0) @binding(1) var<storage, read> certainty: array<f32>; // 0 where an opacity is given
@group(0) @binding(2) var<storage, read_write> courses: array<u32>;

var<workgroup> found: atomic<u32>;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let tile = tiles[group.y];
  let place = place_in(tile, group.x, lane);
  if (place.x < tile.width && place.y < tile.height) {
    var flags = select(0u, OPEN, certainty[index_of(tile, place)] > 0);
    let last = vec2u(tile.width, tile.height) - 1;
    for (var y = max(place.y, 1) - 1; y <= min(place.y + 1, last.y); y++) {
      for (var x = max(place.x, 1) - 1; x <= min(place.x + 1, last.x); x++) {
        flags |= select(0u, WINDOWS, certainty[index_of(tile, vec2u(x, y))] > 0);
      }
    }
    if (flags != 0) {
      atomicOr(&found, flags);
    }
  }
  workgroupBarrier();
  if (lane == 0 && group.x < tile.blocks) {
    courses[tile.flags + group.x] = atomicLoad(&found);
  }
}
