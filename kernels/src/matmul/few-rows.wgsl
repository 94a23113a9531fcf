// y = left * right for few rows, where reading the right factor is all the work.
//
// A workgroup makes 8 rows and 32 columns. Its 64 invocations split the depth in 8 and add up their
// shares at the end, so that even a product of one tile keeps many of them busy.

override OUTER: u32; // batch = OUTER * INNER
override INNER: u32;
override ROWS: u32;
override DEPTH: u32;
override COLUMNS: u32;

const TILE_ROWS = 8u;
const TILE_VECTORS = 8u; // columns / 4
const SHARES = 8u;

var<workgroup> partial: array<vec4f, SHARES * TILE_ROWS * TILE_VECTORS>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let batch = group.z;
  let left_batch = left_start(batch / INNER, batch % INNER);
  let right_batch = right_start(batch / INNER, batch % INNER);
  let first_row = TILE_ROWS * group.y;
  let last_column_vector = (COLUMNS + 3) / 4 - 1;
  let own_vector = invocation % TILE_VECTORS;
  let share = invocation / TILE_VECTORS;
  let column_vector = TILE_VECTORS * group.x + own_vector;

  var sums: array<vec4f, TILE_ROWS>;
  for (var depth = 4 * share; depth < DEPTH; depth += 4 * SHARES) {
    let block = load_right(right_batch, depth, min(column_vector, last_column_vector));
    for (var i = 0u; i < TILE_ROWS; i++) {
      sums[i] += block * load_left(left_batch, min(first_row + i, ROWS - 1), depth);
    }
  }
  for (var i = 0u; i < TILE_ROWS; i++) {
    partial[(share * TILE_ROWS + i) * TILE_VECTORS + own_vector] = sums[i];
  }
  workgroupBarrier();

  // Now one row each: as many shares as rows.
  let row = first_row + share;
  var sum = vec4f();
  for (var i = 0u; i < SHARES; i++) {
    sum += partial[(i * TILE_ROWS + share) * TILE_VECTORS + own_vector];
  }
  if (row < ROWS && column_vector <= last_column_vector) {
    store(batch * ROWS + row, column_vector, COLUMNS, sum);
  }
}
