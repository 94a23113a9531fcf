// What an invocation of software.wgsl or software-tall.wgsl made of one row.

fn store_pair(
  y_row: u32,
  i: u32,
  row: u32,
  first_vector: u32,
  last_vector: u32,
  left_half: vec4f,
  right_half: vec4f,
) {
  if (row + i < ROWS && first_vector <= last_vector) {
    store(y_row + i, first_vector, COLUMNS, left_half);
    if (first_vector < last_vector) {
      store(y_row + i, first_vector + 1, COLUMNS, right_half);
    }
  }
}
