// A convolution with any number of groups: one output pixel of four channels per invocation. Linked
// with geometry.wgsl and parts that load weights and store results.

override PIXELS: u32; // of the output, of all images
override COLUMNS: u32; // output channels
override GROUP_COLUMNS: u32; // output channels of a group
override GROUP_CHANNELS: u32; // input channels of a group
override DEPTH_PER_TAP: u32; // the same, padded to a multiple of four
override CHANNELS: u32;
override X_OFFSET: u32;
override WORKGROUP_SIZE: u32;

@group(0) @binding(0) var<storage, read> x: array<f32>; // [batch, HEIGHT, WIDTH, CHANNELS]

/// Four channels of a group, zeros past its last.
fn load_group(pixel: u32, group: u32, channel: u32) -> vec4f {
  let i = X_OFFSET + pixel * CHANNELS + group * GROUP_CHANNELS + channel;
  let inside = vec4u(0, 1, 2, 3) + channel < vec4u(GROUP_CHANNELS);
  return select(vec4f(), vec4f(x[i], x[i + 1], x[i + 2], x[i + 3]), inside);
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroup_count: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let step = (workgroup.y * workgroup_count.x + workgroup.x) * WORKGROUP_SIZE + lane;
  let vectors = (COLUMNS + 3) / 4;
  let pixel = step / vectors;
  let column_vector = step % vectors;
  if (pixel >= PIXELS) {
    return;
  }
  let window = window_of(pixel);
  let weight = right_start(0, 0);
  let column = 4 * column_vector;
  // Four output channels may belong to as many groups.
  let groups = min(vec4u(0, 1, 2, 3) + column, vec4u(COLUMNS - 1)) / GROUP_COLUMNS;

  var sum = vec4f();
  var tap = 0u;
  for (var ky = 0u; ky < KERNEL_HEIGHT; ky++) {
    for (var kx = 0u; kx < KERNEL_WIDTH; kx++) {
      let y = window.y + ky * DILATION_Y;
      let x = window.x + kx * DILATION_X;
      if (is_inside(y, x)) {
        let source = (window.image_row + y) * WIDTH + x;
        for (var channel = 0u; channel < DEPTH_PER_TAP; channel += 4) {
          let block = load_right(weight, tap * DEPTH_PER_TAP + channel, column_vector);
          let values = load_group(source, groups.x, channel);
          if (groups.x == groups.w) {
            sum += block * values;
          } else {
            let columns = transpose(block);
            sum += vec4f(
              dot(columns[0], values),
              dot(columns[1], load_group(source, groups.y, channel)),
              dot(columns[2], load_group(source, groups.z, channel)),
              dot(columns[3], load_group(source, groups.w, channel)),
            );
          }
        }
      }
      tap++;
    }
  }
  store(pixel, column_vector, COLUMNS, sum);
}
