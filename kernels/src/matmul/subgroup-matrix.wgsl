// y = left * right with the matrix units of a GPU, through an experimental feature of Dawn's.
//
// A workgroup makes a tile of 64 rows and columns. Both factors pass through workgroup memory in the
// type of the matrix units; each of four subgroups multiplies a quarter of the tile, and sums in f32.

enable chromium_experimental_subgroup_matrix;
enable subgroups;
// Whole subgroups take each branch, which the compiler cannot know.
diagnostic(off, chromium.subgroup_matrix_uniformity);

alias Element = f32; // or f16

override OUTER: u32; // batch = OUTER * INNER
override INNER: u32;
override ROWS: u32;
override DEPTH: u32;
override COLUMNS: u32;

// The shape of the device's matrices.
const MATRIX_ROWS = 8u;
const MATRIX_COLUMNS = 8u;
const MATRIX_DEPTH = 8u;

const TILE = 64u;
const TILE_DEPTH = 32u;
const QUARTER = 32u;
const DOWN = QUARTER / MATRIX_ROWS;
const ACROSS = QUARTER / MATRIX_COLUMNS;
const MATRIX_SIZE = MATRIX_ROWS * MATRIX_COLUMNS;

alias Left = subgroup_matrix_left<Element, MATRIX_DEPTH, MATRIX_ROWS>;
alias Right = subgroup_matrix_right<Element, MATRIX_COLUMNS, MATRIX_DEPTH>;
alias Sum = subgroup_matrix_result<f32, MATRIX_COLUMNS, MATRIX_ROWS>;

// Rows are staged a little apart, so that they begin in different banks.
const LEFT_PITCH = TILE_DEPTH + 8;
const RIGHT_PITCH = TILE + 8;

var<workgroup> left_tile: array<Element, TILE * LEFT_PITCH>; // [rows, depth]
var<workgroup> right_tile: array<Element, TILE_DEPTH * RIGHT_PITCH>; // [depth, columns]
var<workgroup> sums: array<f32, 4 * MATRIX_SIZE>; // one matrix of each subgroup

@compute @workgroup_size(128)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) invocation: u32,
  @builtin(subgroup_size) subgroup_size: u32,
) {
  let batch = group.z;
  let left_batch = left_start(batch / INNER, batch % INNER);
  let right_batch = right_start(batch / INNER, batch % INNER);
  let first_row = TILE * group.y;
  let first_column = TILE * group.x;
  let last_column_vector = (COLUMNS + 3) / 4 - 1;
  let subgroup = invocation / subgroup_size;
  let quarter_row = QUARTER * (subgroup / 2);
  let quarter_column = QUARTER * (subgroup % 2);

  var products: array<Sum, DOWN * ACROSS>;

  for (var depth = 0u; depth < DEPTH; depth += TILE_DEPTH) {
    // A block of 4x4 for each invocation, of either factor.
    let left_depth = 4 * (invocation % 8);
    let left_row = 4 * (invocation / 8);
    for (var i = 0u; i < 4; i++) {
      var four = vec4f();
      if (depth + left_depth < DEPTH) {
        four = load_left(left_batch, min(first_row + left_row + i, ROWS - 1), depth + left_depth);
      }
      for (var lane = 0u; lane < 4; lane++) {
        left_tile[(left_row + i) * LEFT_PITCH + left_depth + lane] = Element(four[lane]);
      }
    }
    let right_vector = invocation % 16;
    let right_depth = 4 * (invocation / 16);
    let column_vector = min(first_column / 4 + right_vector, last_column_vector);
    var block = mat4x4f();
    if (depth + right_depth < DEPTH) {
      block = load_right(right_batch, depth + right_depth, column_vector);
    }
    for (var i = 0u; i < 4; i++) {
      for (var lane = 0u; lane < 4; lane++) {
        let at = (right_depth + i) * RIGHT_PITCH + 4 * right_vector + lane;
        right_tile[at] = Element(block[i][lane]);
      }
    }
    workgroupBarrier();

    for (var k = 0u; k < TILE_DEPTH; k += MATRIX_DEPTH) {
      var lefts: array<Left, DOWN>;
      for (var i = 0u; i < DOWN; i++) {
        let at = (quarter_row + i * MATRIX_ROWS) * LEFT_PITCH + k;
        lefts[i] = subgroupMatrixLoad<Left, row_major>(&left_tile, at, LEFT_PITCH);
      }
      for (var j = 0u; j < ACROSS; j++) {
        let at = k * RIGHT_PITCH + quarter_column + j * MATRIX_COLUMNS;
        let right_matrix = subgroupMatrixLoad<Right, row_major>(&right_tile, at, RIGHT_PITCH);
        for (var i = 0u; i < DOWN; i++) {
          let sum = products[i * ACROSS + j];
          products[i * ACROSS + j] = subgroupMatrixMultiplyAccumulate(lefts[i], right_matrix, sum);
        }
      }
    }
    workgroupBarrier();
  }

  // Lanes do not know which elements of a matrix they hold, so they pass through memory.
  let lane = invocation % subgroup_size;
  for (var m = 0u; m < DOWN * ACROSS; m++) {
    subgroupMatrixStore<row_major>(&sums, subgroup * MATRIX_SIZE, products[m], MATRIX_COLUMNS);
    workgroupBarrier();
    let corner_row = first_row + quarter_row + m / ACROSS * MATRIX_ROWS;
    let corner_column = first_column + quarter_column + m % ACROSS * MATRIX_COLUMNS;
    for (var four = lane; four < MATRIX_SIZE / 4; four += subgroup_size) {
      let row = corner_row + 4 * four / MATRIX_COLUMNS;
      let column_vector = (corner_column + 4 * four % MATRIX_COLUMNS) / 4;
      let at = subgroup * MATRIX_SIZE + 4 * four;
      if (row < ROWS && column_vector <= last_column_vector) {
        let sum = vec4f(sums[at], sums[at + 1], sums[at + 2], sums[at + 3]);
        store(batch * ROWS + row, column_vector, COLUMNS, sum);
      }
    }
    workgroupBarrier();
  }
}
