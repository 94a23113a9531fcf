// One axis of decomposed relative positions: y[row, head, k] = query[row, head] · table[offset(row, k)],
// where offset is the distance along the axis from key k of the window to the row.
//
// All heads of a row read the same rows of the table, so an invocation takes four heads and four
// keys at once.

override ROWS: u32; // images * grid height * grid width
override HEADS: u32;
override WIDTH: u32; // of a head, a multiple of 4
override STRIDE: u32; // rows from one position to the next along the axis
override GRID: u32; // positions along the axis
override WINDOW: u32; // of those, in a window
override IMAGE_ROWS: u32;
override QUERY_OFFSET: u32; // in elements, as the strides
override QUERY_ROW_STRIDE: u32;
override QUERY_BATCH_STRIDE: u32;

@group(0) @binding(0) var<storage, read> query: array<vec4f>; // rows of [HEADS, WIDTH / 4]
@group(0) @binding(1) var<storage, read> table: array<vec4f>; // [2 * WINDOW - 1, WIDTH / 4]
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [ROWS, HEADS, WINDOW]

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) group_count: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let key_groups = (WINDOW + 3) / 4;
  let head_groups = (HEADS + 3) / 4;
  let index = 64 * (group.y * group_count.x + group.x) + invocation;
  let key = 4 * (index % key_groups);
  let head = 4 * (index / key_groups % head_groups);
  let row = index / key_groups / head_groups;
  if (row >= ROWS) {
    return;
  }

  let position = row / STRIDE % GRID % WINDOW;
  let keys = min(vec4u(0, 1, 2, 3) + key, vec4u(WINDOW - 1));
  let table_start = (vec4u(position + WINDOW - 1) - keys) * (WIDTH / 4);
  let row_start = QUERY_OFFSET + row / IMAGE_ROWS * QUERY_BATCH_STRIDE + row % IMAGE_ROWS * QUERY_ROW_STRIDE;
  let heads = min(vec4u(0, 1, 2, 3) + head, vec4u(HEADS - 1));
  let query_start = (row_start + heads * WIDTH) / 4;

  var sum_0 = vec4f();
  var sum_1 = vec4f();
  var sum_2 = vec4f();
  var sum_3 = vec4f();
  for (var i = 0u; i < WIDTH / 4; i++) {
    let rows = mat4x4f(
      table[table_start.x + i],
      table[table_start.y + i],
      table[table_start.z + i],
      table[table_start.w + i],
    );
    sum_0 += query[query_start.x + i] * rows;
    sum_1 += query[query_start.y + i] * rows;
    sum_2 += query[query_start.z + i] * rows;
    sum_3 += query[query_start.w + i] * rows;
  }
  store(row, head, key, sum_0);
  store(row, head + 1, key, sum_1);
  store(row, head + 2, key, sum_2);
  store(row, head + 3, key, sum_3);
}

fn store(row: u32, head: u32, key: u32, sums: vec4f) {
  if (head >= HEADS) {
    return;
  }
  let start = (row * HEADS + head) * WINDOW + key;
  for (var lane = 0u; lane < min(4, WINDOW - key); lane++) {
    y[start + lane] = sums[lane];
  }
}
