// Turns pairs of elements by angles that depend on a row's position.
//
// A kernel of its own and not a part of attention: there each key would be turned again for every
// tile of queries.

override IMAGES: u32;
override ROWS: u32; // of an image
override ROTATED: u32; // of those; the rest is copied
override PERIOD: u32; // rows after which the angles repeat
override HEADS: u32;
override WIDTH: u32; // of a head, a multiple of 4
override OFFSET: u32; // in elements, as the strides
override ROW_STRIDE: u32;
override BATCH_STRIDE: u32;

@group(0) @binding(0) var<storage, read> x: array<vec4f>; // rows of [HEADS, WIDTH / 4]
@group(0) @binding(1) var<storage, read> table: array<vec4f>; // [PERIOD, WIDTH / 4], two of (cos, sin)
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>; // [IMAGES, ROWS, HEADS, WIDTH / 4]

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) group_count: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let index = 64 * (group.y * group_count.x + group.x) + invocation;
  let row_vectors = HEADS * WIDTH / 4;
  let row = index / row_vectors % ROWS;
  let image = index / row_vectors / ROWS;
  if (image >= IMAGES) {
    return;
  }
  let i = index % row_vectors;
  let four = x[(OFFSET + image * BATCH_STRIDE + row * ROW_STRIDE) / 4 + i];
  let turn = table[row % PERIOD * (WIDTH / 4) + i % (WIDTH / 4)];
  let turned = vec4f(
    four.x * turn.x - four.y * turn.y,
    four.x * turn.y + four.y * turn.x,
    four.z * turn.z - four.w * turn.w,
    four.z * turn.w + four.w * turn.z,
  );
  y[index] = select(four, turned, row < ROTATED);
}
