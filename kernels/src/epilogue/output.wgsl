// Linked to shaders that store four columns of a dense row-major output at a time.

@group(0) @binding(2) var<storage, read_write> y: array<vec4f>; // [batch * rows, columns / 4]

fn store(row: u32, column_vector: u32, columns: u32, value: vec4f) {
  let i = row * (columns / 4) + column_vector;
  y[i] = finish(value, column_vector, i);
}
