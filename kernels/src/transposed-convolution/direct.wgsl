// A transposed convolution with any kernel and stride: one output pixel of four channels per
// invocation, which collects what the pixels of x add to it. Linked with parts that load channels
// and weights and store results.

override HEIGHT: u32; // of x
override WIDTH: u32;
override OUT_HEIGHT: u32;
override OUT_WIDTH: u32;
override KERNEL_HEIGHT: u32;
override KERNEL_WIDTH: u32;
override STRIDE_Y: u32;
override STRIDE_X: u32;
override PIXELS: u32; // of the output, of all images
override COLUMNS: u32; // output channels
override DEPTH_PER_TAP: u32; // input channels, padded to a multiple of four
override WORKGROUP_SIZE: u32;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) group_count: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let step = (group.y * group_count.x + group.x) * WORKGROUP_SIZE + lane;
  let vectors = (COLUMNS + 3) / 4;
  let pixel = step / vectors;
  let column_vector = step % vectors;
  if (pixel >= PIXELS) {
    return;
  }
  let out_x = pixel % OUT_WIDTH;
  let out_y = (pixel / OUT_WIDTH) % OUT_HEIGHT;
  let image_row = pixel / (OUT_WIDTH * OUT_HEIGHT) * HEIGHT;
  let weight = right_start(0, 0);

  // Taps whose pixel would lie between two pixels of x, or outside, add nothing.
  var sum = vec4f();
  for (var ky = out_y % STRIDE_Y; ky < KERNEL_HEIGHT; ky += STRIDE_Y) {
    let y = (out_y - ky) / STRIDE_Y;
    if (ky <= out_y && y < HEIGHT) {
      for (var kx = out_x % STRIDE_X; kx < KERNEL_WIDTH; kx += STRIDE_X) {
        let x = (out_x - kx) / STRIDE_X;
        if (kx <= out_x && x < WIDTH) {
          let source = (image_row + y) * WIDTH + x;
          let depth = (ky * KERNEL_WIDTH + kx) * DEPTH_PER_TAP;
          for (var channel = 0u; channel < DEPTH_PER_TAP; channel += 4) {
            sum += load_right(weight, depth + channel, column_vector) *
              load_channels(source, channel);
          }
        }
      }
    }
  }
  store(pixel, column_vector, COLUMNS, sum);
}
