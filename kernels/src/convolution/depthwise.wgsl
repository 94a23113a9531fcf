// A convolution of every channel with a kernel of its own: four neighbouring output pixels of a row,
// of four channels, per invocation, so that a weight is read once for four pixels. Linked with
// geometry.wgsl and parts that load pixels and store results.

override ROWS: u32; // of the output, of all images
override COLUMNS: u32; // channels, a multiple of four
override WORKGROUP_SIZE: u32;

@group(0) @binding(1) var<storage, read> right: array<vec4f>; // [KERNEL_HEIGHT, KERNEL_WIDTH, COLUMNS / 4]

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) group_count: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let step = (group.y * group_count.x + group.x) * WORKGROUP_SIZE + lane;
  let vectors = COLUMNS / 4;
  let column_vector = step % vectors;
  let quads = (OUT_WIDTH + 3) / 4;
  let out_x = 4 * ((step / vectors) % quads);
  let row = step / (vectors * quads);
  if (row >= ROWS) {
    return;
  }
  let pixel = row * OUT_WIDTH + out_x;
  let window = window_of(pixel);

  var sum_0 = vec4f();
  var sum_1 = vec4f();
  var sum_2 = vec4f();
  var sum_3 = vec4f();
  for (var ky = 0u; ky < KERNEL_HEIGHT; ky++) {
    let y = window.y + ky * DILATION_Y;
    if (y < HEIGHT) {
      let start = (window.image_row + y) * WIDTH;
      for (var kx = 0u; kx < KERNEL_WIDTH; kx++) {
        let weight = right[(ky * KERNEL_WIDTH + kx) * vectors + column_vector];
        let x = window.x + kx * DILATION_X;
        sum_0 += weight * load_column(start, x, column_vector);
        sum_1 += weight * load_column(start, x + STRIDE_X, column_vector);
        sum_2 += weight * load_column(start, x + 2 * STRIDE_X, column_vector);
        sum_3 += weight * load_column(start, x + 3 * STRIDE_X, column_vector);
      }
    }
  }

  store(pixel, column_vector, COLUMNS, sum_0);
  if (out_x + 1 < OUT_WIDTH) {
    store(pixel + 1, column_vector, COLUMNS, sum_1);
  }
  if (out_x + 2 < OUT_WIDTH) {
    store(pixel + 2, column_vector, COLUMNS, sum_2);
  }
  if (out_x + 3 < OUT_WIDTH) {
    store(pixel + 3, column_vector, COLUMNS, sum_3);
  }
}

/// Four channels of a pixel of the row that begins at `start`, zeros beside the row.
fn load_column(start: u32, x: u32, column_vector: u32) -> vec4f {
  let inside = x < WIDTH;
  return load_channels(start + select(0, x, inside), 4 * column_vector) * select(0.0, 1.0, inside);
}
