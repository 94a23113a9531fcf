// Resamples images with half-pixel centres and without antialiasing. Positions are exact fractions of
// whole numbers, so that they do not drift far from the origin.

alias Value = vec4<f32>; // or f32, where channels do not come in fours

const NEAREST = 0u;
const BILINEAR = 1u;
const CUBIC = -0.75; // PyTorch's coefficient of the cubic convolution kernel

override WORKGROUP_SIZE: u32;
override STEPS: u32; // Values of y
override MODE: u32; // NEAREST, BILINEAR or bicubic
override CHANNELS: u32; // in Values, as X_OFFSET
override X_OFFSET: u32;
override HEIGHT: u32; // of x
override WIDTH: u32;
override OUT_HEIGHT: u32;
override OUT_WIDTH: u32;

@group(0) @binding(0) var<storage, read> x: array<Value>; // [batch, HEIGHT, WIDTH, CHANNELS]
@group(0) @binding(1) var<storage, read_write> y: array<Value>; // [batch, OUT_HEIGHT, OUT_WIDTH, CHANNELS]

/// Where an output position lies between two source positions. The lower one may be -1.
struct Place {
  lower: i32,
  fraction: f32,
}

// (position + 1 / 2) * size / out_size - 1 / 2, over twice out_size.
fn place_of(position: u32, size: u32, out_size: u32) -> Place {
  let numerator = i32((2 * position + 1) * size) - i32(out_size);
  let denominator = 2 * i32(out_size);
  // Rounds down, where the numerator may be negative but not below -denominator.
  let lower = (numerator + denominator) / denominator - 1;
  return Place(lower, f32(numerator - lower * denominator) / f32(denominator));
}

fn cubic_weights(fraction: f32) -> vec4f {
  let near = vec2f(fraction, 1.0 - fraction);
  let far = near + 1.0;
  let inner = ((CUBIC + 2.0) * near - (CUBIC + 3.0)) * near * near + 1.0;
  let outer = ((far - 5.0) * far + 8.0) * far * CUBIC - 4.0 * CUBIC;
  return vec4f(outer.x, inner.x, inner.y, outer.y);
}

/// The pixel that is nearest to a row and a column that may lie outside.
fn load(start: u32, row: i32, column: i32, channel: u32) -> Value {
  let inside_row = u32(clamp(row, 0, i32(HEIGHT) - 1));
  let inside_column = u32(clamp(column, 0, i32(WIDTH) - 1));
  return x[X_OFFSET + ((start + inside_row) * WIDTH + inside_column) * CHANNELS + channel];
}

fn bilinear(start: u32, row: Place, column: Place, channel: u32) -> Value {
  let upper = mix(
    load(start, row.lower, column.lower, channel),
    load(start, row.lower, column.lower + 1, channel),
    Value(column.fraction),
  );
  let lower = mix(
    load(start, row.lower + 1, column.lower, channel),
    load(start, row.lower + 1, column.lower + 1, channel),
    Value(column.fraction),
  );
  return mix(upper, lower, Value(row.fraction));
}

fn bicubic(start: u32, row: Place, column: Place, channel: u32) -> Value {
  let row_weights = cubic_weights(row.fraction);
  let column_weights = cubic_weights(column.fraction);
  var sum = Value(0.0);
  for (var i = 0; i < 4; i++) {
    var line = Value(0.0);
    for (var j = 0; j < 4; j++) {
      let value = load(start, row.lower + i - 1, column.lower + j - 1, channel);
      line += value * column_weights[j];
    }
    sum += line * row_weights[i];
  }
  return sum;
}

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
  let out_column = pixel % OUT_WIDTH;
  let out_row = (pixel / OUT_WIDTH) % OUT_HEIGHT;
  let start = pixel / (OUT_WIDTH * OUT_HEIGHT) * HEIGHT;
  if (MODE == NEAREST) {
    let row = out_row * HEIGHT / OUT_HEIGHT;
    let column = out_column * WIDTH / OUT_WIDTH;
    y[step] = load(start, i32(row), i32(column), channel);
    return;
  }
  let row = place_of(out_row, HEIGHT, OUT_HEIGHT);
  let column = place_of(out_column, WIDTH, OUT_WIDTH);
  if (MODE == BILINEAR) {
    // Positions beyond the first and the last pixel blend that pixel with itself.
    y[step] = bilinear(start, row, column, channel);
  } else {
    y[step] = bicubic(start, row, column, channel);
  }
}
