// Where a right factor has its elements that is stored in panels of 32 columns, row by row within
// each: who makes 32 columns then reads memory from front to back.

override RIGHT_PANEL_STRIDE: u32; // in elements, from one panel to the next

const PANEL_VECTORS = 8u;

/// Four columns of a row, in units of four elements.
fn right_place(start: u32, depth: u32, column_vector: u32) -> u32 {
  let panel = (start + column_vector / PANEL_VECTORS * RIGHT_PANEL_STRIDE) / 4;
  return panel + depth * PANEL_VECTORS + column_vector % PANEL_VECTORS;
}

/// From there to the same columns of the next row.
fn right_step() -> u32 {
  return PANEL_VECTORS;
}
