// Largest or mean element of windows of images: padding never wins and never counts.

alias Value = vec4<f32>; // or f32, where channels do not come in fours

override WORKGROUP_SIZE: u32;
override STEPS: u32; // Values of y
override IS_MAXIMUM: bool;
override CHANNELS: u32; // in Values, as X_OFFSET
override X_OFFSET: u32;
override HEIGHT: u32; // of x
override WIDTH: u32;
override OUT_HEIGHT: u32;
override OUT_WIDTH: u32;
override WINDOW_HEIGHT: u32;
override WINDOW_WIDTH: u32;
override STRIDE_Y: u32;
override STRIDE_X: u32;
override PADDING_TOP: u32;
override PADDING_LEFT: u32;

@group(0) @binding(0) var<storage, read> x: array<Value>; // [batch, HEIGHT, WIDTH, CHANNELS]
@group(0) @binding(1) var<storage, read_write> y: array<Value>; // [batch, OUT_HEIGHT, OUT_WIDTH, CHANNELS]

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) group_count: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let step = (group.y * group_count.x + group.x) * WORKGROUP_SIZE + lane;
  if (step >= STEPS) {
    return;
  }
  let channel = step % CHANNELS;
  let pixel = step / CHANNELS;
  let first_row = ((pixel / OUT_WIDTH) % OUT_HEIGHT) * STRIDE_Y;
  let first_column = (pixel % OUT_WIDTH) * STRIDE_X;
  let image_row = pixel / (OUT_WIDTH * OUT_HEIGHT) * HEIGHT;

  // The window without its padding, which is never all of it.
  let top = max(first_row, PADDING_TOP) - PADDING_TOP;
  let bottom = min(first_row + WINDOW_HEIGHT - PADDING_TOP, HEIGHT);
  let left = max(first_column, PADDING_LEFT) - PADDING_LEFT;
  let right = min(first_column + WINDOW_WIDTH - PADDING_LEFT, WIDTH);

  var sum = Value(0.0);
  var largest = Value(-3.4028234e38);
  for (var row = top; row < bottom; row++) {
    for (var column = left; column < right; column++) {
      let value = x[X_OFFSET + ((image_row + row) * WIDTH + column) * CHANNELS + channel];
      sum += value;
      largest = max(largest, value);
    }
  }
  if (IS_MAXIMUM) {
    y[step] = largest;
  } else {
    y[step] = sum / f32((bottom - top) * (right - left));
  }
}
