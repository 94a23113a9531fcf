// 1 over the diagonal of the equations, 0 where an opacity is given. Linked with tiles.wgsl,
// color-window.wgsl and solve-symmetric.wgsl.

override WORKGROUP_SIZE: u32;
override PULL: f32; // of the estimate, times its certainty

@group(0) @binding(0) var<storage, read> tiles: array<Tile>;
@group(0) @binding(1) var<storage, read> pixels: array<u32>; // colours and flags
@group(0) @binding(2) var<storage, read> certainty: array<f32>; // 0 where an opacity is given
@group(0) @binding(3) var<storage, read_write> inverse: array<f32>;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let tile = tiles[group.y];
  let i = group.x * WORKGROUP_SIZE + lane;
  if (i >= tile.width * tile.height) {
    return;
  }
  let index = tile.first + i;
  if (certainty[index] <= 0) {
    inverse[index] = 0.0;
    return;
  }
  let color = color_at(index);
  var diagonal = PULL * certainty[index];
  for (var y = 0u; y < 3; y++) {
    for (var x = 0u; x < 3; x++) {
      let middle = vec2u(i % tile.width + x, i / tile.width + y) - 1;
      if (has_window(tile, middle)) {
        let window = window_around(index_of(tile, middle), tile.width);
        let difference = vec3f(9 * color - window.sum);
        diagonal += 1 - (1 + dot(difference, unmixed(window, difference))) / 9;
      }
    }
  }
  // A pixel without links or pull, alone in a picture of one, keeps its value.
  inverse[index] = select(0.0, 1 / diagonal, diagonal > 1e-12);
}
