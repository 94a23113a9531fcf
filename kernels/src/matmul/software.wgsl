// y = left * right for adapters that run on a CPU, where workgroup memory is memory like any other.
//
// An invocation keeps 8 rows of 8 columns in variables with names: an array that a loop indexes
// would be read back element by element. Four invocations, as many as the lanes of a CPU vector,
// share the rows, so a workgroup makes 8 rows of 32 columns.
//
// Workgroups that follow each other go down the rows: the columns of the right factor, which is the
// larger one, stay in the CPU's cache until all rows have met them.

override OUTER: u32; // batch = OUTER * INNER
override INNER: u32;
override ROWS: u32;
override DEPTH: u32;
override COLUMNS: u32;

@compute @workgroup_size(4)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let batch = group.z;
  let left_batch = left_start(batch / INNER, batch % INNER);
  let right_batch = right_start(batch / INNER, batch % INNER);
  let row = 8 * group.x;
  let first_vector = 2 * (4 * group.y + invocation);
  let last_vector = (COLUMNS + 3) / 4 - 1;
  let vector_0 = min(first_vector, last_vector);
  let vector_1 = min(first_vector + 1, last_vector);

  var sum_00 = vec4f();
  var sum_01 = vec4f();
  var sum_10 = vec4f();
  var sum_11 = vec4f();
  var sum_20 = vec4f();
  var sum_21 = vec4f();
  var sum_30 = vec4f();
  var sum_31 = vec4f();
  var sum_40 = vec4f();
  var sum_41 = vec4f();
  var sum_50 = vec4f();
  var sum_51 = vec4f();
  var sum_60 = vec4f();
  var sum_61 = vec4f();
  var sum_70 = vec4f();
  var sum_71 = vec4f();

  for (var depth = 0u; depth < DEPTH; depth += 4) {
    let a = load_rows(left_batch, row, depth, invocation);
    let b0 = load_right(right_batch, depth, vector_0);
    let b1 = load_right(right_batch, depth, vector_1);
    sum_00 += b0 * a.r0;
    sum_01 += b1 * a.r0;
    sum_10 += b0 * a.r1;
    sum_11 += b1 * a.r1;
    sum_20 += b0 * a.r2;
    sum_21 += b1 * a.r2;
    sum_30 += b0 * a.r3;
    sum_31 += b1 * a.r3;
    sum_40 += b0 * a.r4;
    sum_41 += b1 * a.r4;
    sum_50 += b0 * a.r5;
    sum_51 += b1 * a.r5;
    sum_60 += b0 * a.r6;
    sum_61 += b1 * a.r6;
    sum_70 += b0 * a.r7;
    sum_71 += b1 * a.r7;
  }

  let y_row = batch * ROWS + row;
  store_pair(y_row, 0, row, first_vector, last_vector, sum_00, sum_01);
  store_pair(y_row, 1, row, first_vector, last_vector, sum_10, sum_11);
  store_pair(y_row, 2, row, first_vector, last_vector, sum_20, sum_21);
  store_pair(y_row, 3, row, first_vector, last_vector, sum_30, sum_31);
  store_pair(y_row, 4, row, first_vector, last_vector, sum_40, sum_41);
  store_pair(y_row, 5, row, first_vector, last_vector, sum_50, sum_51);
  store_pair(y_row, 6, row, first_vector, last_vector, sum_60, sum_61);
  store_pair(y_row, 7, row, first_vector, last_vector, sum_70, sum_71);
}
