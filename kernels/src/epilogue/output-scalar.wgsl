// Linked to shaders that store a dense row-major output whose columns do not come in fours.

@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [batch * rows, columns]

fn store(row: u32, column_vector: u32, columns: u32, value: vec4f) {
  let column = 4 * column_vector;
  let i = row * columns + column;
  let result = finish(value, column_vector, i);
  for (var lane = 0u; lane < min(4, columns - column); lane++) {
    y[i + lane] = result[lane];
  }
}
