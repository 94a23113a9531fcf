// A convolution of every channel with a kernel of its own, stride 1 and dilation 1 along rows: as
// depthwise.wgsl, but each input pixel is read once for all four output pixels that it counts in. The
// weights slide past them: `weight_i` is what the pixel at hand has in output pixel i.

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
      var weight_1 = vec4f();
      var weight_2 = vec4f();
      var weight_3 = vec4f();
      for (var kx = 0u; kx < KERNEL_WIDTH + 3; kx++) {
        let x = window.x + kx;
        var value = vec4f();
        if (x < WIDTH) {
          value = load_channels(start + x, 4 * column_vector);
        }
        var weight_0 = vec4f();
        if (kx < KERNEL_WIDTH) {
          weight_0 = right[(ky * KERNEL_WIDTH + kx) * vectors + column_vector];
        }
        sum_0 += weight_0 * value;
        sum_1 += weight_1 * value;
        sum_2 += weight_2 * value;
        sum_3 += weight_3 * value;
        weight_3 = weight_2;
        weight_2 = weight_1;
        weight_1 = weight_0;
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
