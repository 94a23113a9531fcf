// As scatter.wgsl, where output channels do not come in fours: the product has each tap's padded.

override SOURCE_WIDTH: u32; // of x, in pixels
override KERNEL_HEIGHT: u32;
override KERNEL_WIDTH: u32;
override OUTPUTS: u32; // channels

// [batch * height * KERNEL_HEIGHT, SOURCE_WIDTH * KERNEL_WIDTH, OUTPUTS]
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

fn store(row: u32, column_vector: u32, columns: u32, value: vec4f) {
  let vectors = (OUTPUTS + 3) / 4;
  let tap = column_vector / vectors;
  let out_vector = column_vector % vectors;
  let y_row = (row / SOURCE_WIDTH) * KERNEL_HEIGHT + tap / KERNEL_WIDTH;
  let y_column = (row % SOURCE_WIDTH) * KERNEL_WIDTH + tap % KERNEL_WIDTH;
  let i = (y_row * SOURCE_WIDTH * KERNEL_WIDTH + y_column) * OUTPUTS + 4 * out_vector;
  let result = finish(value, out_vector, i);
  for (var lane = 0u; lane < min(4, OUTPUTS - 4 * out_vector); lane++) {
    y[i + lane] = result[lane];
  }
}
