// As software.wgsl, with 16 rows for each invocation, where there are many: each element of the right
// factor that is read, which is the dear part, then serves twice as often.

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
  let row = 16 * group.x;
  let first_vector = 2 * (4 * group.y + invocation);
  let last_vector = (COLUMNS + 3) / 4 - 1;
  let vector_0 = min(first_vector, last_vector);
  let vector_1 = min(first_vector + 1, last_vector);

  var sum_0_0 = vec4f();
  var sum_0_1 = vec4f();
  var sum_1_0 = vec4f();
  var sum_1_1 = vec4f();
  var sum_2_0 = vec4f();
  var sum_2_1 = vec4f();
  var sum_3_0 = vec4f();
  var sum_3_1 = vec4f();
  var sum_4_0 = vec4f();
  var sum_4_1 = vec4f();
  var sum_5_0 = vec4f();
  var sum_5_1 = vec4f();
  var sum_6_0 = vec4f();
  var sum_6_1 = vec4f();
  var sum_7_0 = vec4f();
  var sum_7_1 = vec4f();
  var sum_8_0 = vec4f();
  var sum_8_1 = vec4f();
  var sum_9_0 = vec4f();
  var sum_9_1 = vec4f();
  var sum_10_0 = vec4f();
  var sum_10_1 = vec4f();
  var sum_11_0 = vec4f();
  var sum_11_1 = vec4f();
  var sum_12_0 = vec4f();
  var sum_12_1 = vec4f();
  var sum_13_0 = vec4f();
  var sum_13_1 = vec4f();
  var sum_14_0 = vec4f();
  var sum_14_1 = vec4f();
  var sum_15_0 = vec4f();
  var sum_15_1 = vec4f();

  for (var depth = 0u; depth < DEPTH; depth += 4) {
    let a = load_rows(left_batch, row, depth, invocation);
    let c = load_rows(left_batch, row + 8, depth, invocation);
    let b0 = load_right(right_batch, depth, vector_0);
    let b1 = load_right(right_batch, depth, vector_1);
    sum_0_0 += b0 * a.r0;
    sum_0_1 += b1 * a.r0;
    sum_1_0 += b0 * a.r1;
    sum_1_1 += b1 * a.r1;
    sum_2_0 += b0 * a.r2;
    sum_2_1 += b1 * a.r2;
    sum_3_0 += b0 * a.r3;
    sum_3_1 += b1 * a.r3;
    sum_4_0 += b0 * a.r4;
    sum_4_1 += b1 * a.r4;
    sum_5_0 += b0 * a.r5;
    sum_5_1 += b1 * a.r5;
    sum_6_0 += b0 * a.r6;
    sum_6_1 += b1 * a.r6;
    sum_7_0 += b0 * a.r7;
    sum_7_1 += b1 * a.r7;
    sum_8_0 += b0 * c.r0;
    sum_8_1 += b1 * c.r0;
    sum_9_0 += b0 * c.r1;
    sum_9_1 += b1 * c.r1;
    sum_10_0 += b0 * c.r2;
    sum_10_1 += b1 * c.r2;
    sum_11_0 += b0 * c.r3;
    sum_11_1 += b1 * c.r3;
    sum_12_0 += b0 * c.r4;
    sum_12_1 += b1 * c.r4;
    sum_13_0 += b0 * c.r5;
    sum_13_1 += b1 * c.r5;
    sum_14_0 += b0 * c.r6;
    sum_14_1 += b1 * c.r6;
    sum_15_0 += b0 * c.r7;
    sum_15_1 += b1 * c.r7;
  }

  let y_row = batch * ROWS + row;
  store_pair(y_row, 0, row, first_vector, last_vector, sum_0_0, sum_0_1);
  store_pair(y_row, 1, row, first_vector, last_vector, sum_1_0, sum_1_1);
  store_pair(y_row, 2, row, first_vector, last_vector, sum_2_0, sum_2_1);
  store_pair(y_row, 3, row, first_vector, last_vector, sum_3_0, sum_3_1);
  store_pair(y_row, 4, row, first_vector, last_vector, sum_4_0, sum_4_1);
  store_pair(y_row, 5, row, first_vector, last_vector, sum_5_0, sum_5_1);
  store_pair(y_row, 6, row, first_vector, last_vector, sum_6_0, sum_6_1);
  store_pair(y_row, 7, row, first_vector, last_vector, sum_7_0, sum_7_1);
  store_pair(y_row, 8, row, first_vector, last_vector, sum_8_0, sum_8_1);
  store_pair(y_row, 9, row, first_vector, last_vector, sum_9_0, sum_9_1);
  store_pair(y_row, 10, row, first_vector, last_vector, sum_10_0, sum_10_1);
  store_pair(y_row, 11, row, first_vector, last_vector, sum_11_0, sum_11_1);
  store_pair(y_row, 12, row, first_vector, last_vector, sum_12_0, sum_12_1);
  store_pair(y_row, 13, row, first_vector, last_vector, sum_13_0, sum_13_1);
  store_pair(y_row, 14, row, first_vector, last_vector, sum_14_0, sum_14_1);
  store_pair(y_row, 15, row, first_vector, last_vector, sum_15_0, sum_15_1);
}
