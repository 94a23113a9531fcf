// Stores a product of pixels and taps as an image: each pixel becomes a block of KERNEL_HEIGHT by
// KERNEL_WIDTH pixels. Linked to products, where output channels come in fours.

override SOURCE_WIDTH: u32; // of x, in pixels
override KERNEL_HEIGHT: u32;
override KERNEL_WIDTH: u32;
override OUTPUTS: u32; // channels

// [batch * height * KERNEL_HEIGHT, SOURCE_WIDTH * KERNEL_WIDTH, OUTPUTS / 4]
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;

fn store(row: u32, column_vector: u32, columns: u32, value: vec4f) {
  let vectors = OUTPUTS / 4;
  let tap = column_vector / vectors;
  let out_vector = column_vector % vectors;
  let y_row = (row / SOURCE_WIDTH) * KERNEL_HEIGHT + tap / KERNEL_WIDTH;
  let y_column = (row % SOURCE_WIDTH) * KERNEL_WIDTH + tap % KERNEL_WIDTH;
  let i = (y_row * SOURCE_WIDTH * KERNEL_WIDTH + y_column) * vectors + out_vector;
  y[i] = finish(value, out_vector, i);
}
