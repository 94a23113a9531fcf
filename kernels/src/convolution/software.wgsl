// A convolution for adapters that run on a CPU, where workgroup memory is memory like any other.
//
// An invocation keeps 8 output pixels of 8 channels in variables with names: an array that a loop
// indexes would be read back element by element. Four invocations, as many as the lanes of a CPU
// vector, share the pixels. Linked with geometry.wgsl, software-pixels.wgsl and parts that load
// channels and weights and store results.

override PIXELS: u32; // of the output, of all images
override COLUMNS: u32; // output channels
override DEPTH_PER_TAP: u32; // input channels, padded to a multiple of four

@compute @workgroup_size(4)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) group_count: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let first_vector = 2 * (4 * group.x + invocation);
  let last_vector = (COLUMNS + 3) / 4 - 1;
  let vector_0 = min(first_vector, last_vector);
  let vector_1 = min(first_vector + 1, last_vector);
  let weight = right_start(0, 0);

  let pixel = 8 * (group.z * group_count.y + group.y);
  let windows = windows_of(pixel, invocation);
  var sum_00 = vec4f();
  var sum_01 = vec4f();
  var sum_10 = vec4f();
  var sum_11 = vec4f();
  var sum_20 = vec4f();
  var sum_21 = vec4f();
  var sum_30 = vec4f();
  var sum_31 = vec4f();
  var sum_40 = vec4f();
  var sum_41 = vec4f();
  var sum_50 = vec4f();
  var sum_51 = vec4f();
  var sum_60 = vec4f();
  var sum_61 = vec4f();
  var sum_70 = vec4f();
  var sum_71 = vec4f();

  var depth = 0u;
  for (var ky = 0u; ky < KERNEL_HEIGHT; ky++) {
    for (var kx = 0u; kx < KERNEL_WIDTH; kx++) {
      let taps = taps_of(windows, ky, kx);
      for (var channel = 0u; channel < DEPTH_PER_TAP; channel += 4) {
        let a = load_pixels(taps, channel);
        let b0 = load_right(weight, depth, vector_0);
        let b1 = load_right(weight, depth, vector_1);
        depth += 4;
        sum_00 += b0 * a.p0;
        sum_01 += b1 * a.p0;
        sum_10 += b0 * a.p1;
        sum_11 += b1 * a.p1;
        sum_20 += b0 * a.p2;
        sum_21 += b1 * a.p2;
        sum_30 += b0 * a.p3;
        sum_31 += b1 * a.p3;
        sum_40 += b0 * a.p4;
        sum_41 += b1 * a.p4;
        sum_50 += b0 * a.p5;
        sum_51 += b1 * a.p5;
        sum_60 += b0 * a.p6;
        sum_61 += b1 * a.p6;
        sum_70 += b0 * a.p7;
        sum_71 += b1 * a.p7;
      }
    }
  }

  store_pair(pixel, first_vector, last_vector, sum_00, sum_01);
  store_pair(pixel + 1, first_vector, last_vector, sum_10, sum_11);
  store_pair(pixel + 2, first_vector, last_vector, sum_20, sum_21);
  store_pair(pixel + 3, first_vector, last_vector, sum_30, sum_31);
  store_pair(pixel + 4, first_vector, last_vector, sum_40, sum_41);
  store_pair(pixel + 5, first_vector, last_vector, sum_50, sum_51);
  store_pair(pixel + 6, first_vector, last_vector, sum_60, sum_61);
  store_pair(pixel + 7, first_vector, last_vector, sum_70, sum_71);
}

/// A pixel under a window, and 1, or 0 where the padding is.
struct Tap {
  pixel: u32,
  share: f32,
}

fn tap_of(window: Window, ky: u32, kx: u32) -> Tap {
  let y = window.y + ky * DILATION_Y;
  let x = window.x + kx * DILATION_X;
  let inside = is_inside(y, x);
  return Tap(select(0, (window.image_row + y) * WIDTH + x, inside), select(0.0, 1.0, inside));
}

fn load_tap(tap: Tap, channel: u32) -> vec4f {
  return load_channels(tap.pixel, channel) * tap.share;
}

fn store_pair(
  pixel: u32,
  first_vector: u32,
  last_vector: u32,
  left_half: vec4f,
  right_half: vec4f,
) {
  if (pixel < PIXELS && first_vector <= last_vector) {
    store(pixel, first_vector, COLUMNS, left_half);
    if (first_vector < last_vector) {
      store(pixel, first_vector + 1, COLUMNS, right_half);
    }
  }
}
