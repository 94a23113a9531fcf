// y = left * right, in square tiles that pass through workgroup memory.
//
// 64 invocations make a tile of 32 or 64 rows and columns. Each step along the depth, every
// invocation brings one block of 4x4 elements of either factor; the left ones are stored transposed,
// so that an invocation reads its rows, like its columns, as vectors.

override OUTER: u32; // batch = OUTER * INNER
override INNER: u32;
override ROWS: u32;
override DEPTH: u32;
override COLUMNS: u32;

const VECTORS = 1u; // rows / 4, and columns / 4, of an invocation: 1 or 2

const SIDE = 8u; // invocations along rows, and along columns
const TILE_VECTORS = SIDE * VECTORS; // 4x4 blocks along a side of the tile
const DEPTH_BLOCKS = SIDE / VECTORS; // and along its depth: 64 blocks in all
const TILE_DEPTH = 4 * DEPTH_BLOCKS;
const LEFT_PITCH = TILE_VECTORS + 1; // odd, so that transposed stores spread over banks

var<workgroup> left_tile: array<vec4f, TILE_DEPTH * LEFT_PITCH>; // [depth, rows / 4]
var<workgroup> right_tile: array<vec4f, TILE_DEPTH * TILE_VECTORS>; // [depth, columns / 4]

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let batch = group.z;
  let left_batch = left_start(batch / INNER, batch % INNER);
  let right_batch = right_start(batch / INNER, batch % INNER);
  let first_row = 4 * TILE_VECTORS * group.y;
  let first_column_vector = TILE_VECTORS * group.x;
  let last_column_vector = (COLUMNS + 3) / 4 - 1;

  let left_depth = invocation % DEPTH_BLOCKS;
  let left_rows = invocation / DEPTH_BLOCKS;
  let right_columns = invocation % TILE_VECTORS;
  let right_depth = invocation / TILE_VECTORS;
  let own_columns = invocation % SIDE;
  let own_rows = invocation / SIDE;

  var sums: array<vec4f, 4 * VECTORS * VECTORS>; // [rows, columns / 4]

  for (var depth = 0u; depth < DEPTH; depth += TILE_DEPTH) {
    let row = first_row + 4 * left_rows;
    let k = depth + 4 * left_depth;
    var block = mat4x4f();
    if (k < DEPTH) {
      block = transpose(mat4x4f(
        load_left(left_batch, min(row, ROWS - 1), k),
        load_left(left_batch, min(row + 1, ROWS - 1), k),
        load_left(left_batch, min(row + 2, ROWS - 1), k),
        load_left(left_batch, min(row + 3, ROWS - 1), k),
      ));
    }
    let column_vector = min(first_column_vector + right_columns, last_column_vector);
    var right_block = mat4x4f();
    if (depth + 4 * right_depth < DEPTH) {
      right_block = load_right(right_batch, depth + 4 * right_depth, column_vector);
    }
    for (var i = 0u; i < 4; i++) {
      left_tile[(4 * left_depth + i) * LEFT_PITCH + left_rows] = block[i];
      right_tile[(4 * right_depth + i) * TILE_VECTORS + right_columns] = right_block[i];
    }
    workgroupBarrier();

    for (var k = 0u; k < TILE_DEPTH; k++) {
      for (var i = 0u; i < VECTORS; i++) {
        let rows = left_tile[k * LEFT_PITCH + own_rows + SIDE * i];
        for (var j = 0u; j < VECTORS; j++) {
          let columns = right_tile[k * TILE_VECTORS + own_columns + SIDE * j];
          sums[(4 * i) * VECTORS + j] += rows.x * columns;
          sums[(4 * i + 1) * VECTORS + j] += rows.y * columns;
          sums[(4 * i + 2) * VECTORS + j] += rows.z * columns;
          sums[(4 * i + 3) * VECTORS + j] += rows.w * columns;
        }
      }
    }
    workgroupBarrier();
  }

  for (var i = 0u; i < 4 * VECTORS; i++) {
    let row = first_row + 4 * (own_rows + SIDE * (i / 4)) + i % 4;
    for (var j = 0u; j < VECTORS; j++) {
      let column_vector = first_column_vector + own_columns + SIDE * j;
      if (row < ROWS && column_vector <= last_column_vector) {
        store(batch * ROWS + row, column_vector, COLUMNS, sums[i * VECTORS + j]);
      }
    }
  }
}
