// Where a right factor has its elements that is stored row by row.

override RIGHT_ROW_STRIDE: u32; // in elements: a multiple of 4

/// Four columns of a row, in units of four elements.
fn right_place(start: u32, depth: u32, column_vector: u32) -> u32 {
  return (start + depth * RIGHT_ROW_STRIDE) / 4 + column_vector;
}

/// From there to the same columns of the next row.
fn right_step() -> u32 {
  return RIGHT_ROW_STRIDE / 4;
}
