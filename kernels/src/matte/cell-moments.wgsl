// Weighted sums over rows of cells: 2 radius + 1 side by side. Sums over columns of them, which
// separate-cells.wgsl makes, are those over square windows. Linked with moments.wgsl.

override WORKGROUP_SIZE: u32;
override LEAST_WEIGHT: f32;

struct Parameters {
  width: u32, // of the grid
  height: u32,
  radius: u32, // in cells, at least 2
  trusted: f32, // distance from the outline from which on a label counts fully
}

@group(0) @binding(0) var<storage, read> parameters: Parameters;
@group(0) @binding(1) var<storage, read> cells: array<vec2u>; // [height, width]: colour and flags, distance
@group(0) @binding(2) var<storage, read_write> sums: array<f32>; // [MOMENTS, height, width]

fn moments_at(row: i32, column: i32) -> Moments {
  if (column < 0 || column >= i32(parameters.width)) {
    return Moments();
  }
  let cell = cells[row * i32(parameters.width) + column];
  if ((cell.x & SEEN) == 0) {
    return Moments();
  }
  let near = min(1.0, bitcast<f32>(cell.y) / parameters.trusted);
  let weight = max(LEAST_WEIGHT, near * near);
  let color = unpack4x8unorm(cell.x).rgb - MIDDLE;
  let label = select(0.0, 1.0, (cell.x & LABEL) != 0);
  let weighted = weight * color;
  return Moments(
    weight,
    label * weight,
    weighted,
    label * weighted,
    weighted * color,
    weighted.xxy * color.yzz,
  );
}

fn write(cell: u32, sum: Moments) {
  let plane = parameters.width * parameters.height;
  sums[cell] = sum.weight;
  sums[cell + plane] = sum.label;
  for (var k = 0u; k < 3; k++) {
    sums[cell + (2 + k) * plane] = sum.color[k];
    sums[cell + (5 + k) * plane] = sum.color_label[k];
    sums[cell + (8 + k) * plane] = sum.squares[k];
    sums[cell + (11 + k) * plane] = sum.products[k];
  }
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) group_count: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let step = i32((group.y * group_count.x + group.x) * WORKGROUP_SIZE + lane);
  let width = i32(parameters.width);
  let radius = i32(parameters.radius);
  let runs = (width + RUN - 1) / RUN;
  let row = step / runs;
  if (row >= i32(parameters.height)) {
    return;
  }
  let first = (step % runs) * RUN;
  var right = Moments(); // what all windows of the run share, and what those further right add
  for (var x = first + RUN - 1 - radius; x <= first + radius; x++) {
    right = plus(right, moments_at(row, x));
  }
  for (var i = 0; i < min(RUN, width - first); i++) {
    if (i > 0) {
      right = plus(right, moments_at(row, first + radius + i));
    }
    var sum = right;
    for (var x = first + i - radius; x < first + RUN - 1 - radius; x++) {
      sum = plus(sum, moments_at(row, x));
    }
    write(u32(row * width + first + i), sum);
  }
}
