// Sums over square windows, and the line through colour space that separates inside from outside in
// each, added to the lines of other sizes of windows by its certainty. Linked with moments.wgsl and
// solve-symmetric.wgsl.

override WORKGROUP_SIZE: u32;
override REGULARIZATION: f32; // of each channel's variance
override LEAST_VARIANCE: f32; // of an opacity
override MOST_VARIANCE: f32; // beyond, it is as good as unknown
override FEW_SAMPLES: f32;

const LEAST_TOTAL = 1e-6; // variance of the labels: below, all are the same

struct Parameters {
  width: u32, // of the grid
  height: u32,
  radius: u32, // in cells, at least 2
  reach: f32, // cells further from the outline get no line
}

@group(0) @binding(0) var<storage, read> parameters: Parameters;
@group(0) @binding(1) var<storage, read> cells: array<vec2u>; // [height, width]: colour and flags, distance
@group(0) @binding(2) var<storage, read> rows: array<f32>; // [MOMENTS, height, width], of cell-moments.wgsl
@group(0) @binding(3) var<storage, read_write> sums: array<f32>; // [height, width, 6]: line and weight

fn moments_at(row: i32, column: i32) -> Moments {
  if (row < 0 || row >= i32(parameters.height)) {
    return Moments();
  }
  let cell = u32(row) * parameters.width + u32(column);
  let plane = parameters.width * parameters.height;
  var sum = Moments();
  sum.weight = rows[cell];
  sum.label = rows[cell + plane];
  for (var k = 0u; k < 3; k++) {
    sum.color[k] = rows[cell + (2 + k) * plane];
    sum.color_label[k] = rows[cell + (5 + k) * plane];
    sum.squares[k] = rows[cell + (8 + k) * plane];
    sum.products[k] = rows[cell + (11 + k) * plane];
  }
  return sum;
}

fn add_line(cell: u32, moments: Moments) {
  let count = moments.weight;
  if (count <= 0) {
    return;
  }
  let label = moments.label / count;
  let total = label * (1 - label);
  if (total <= LEAST_TOTAL) {
    return;
  }
  let mean = moments.color / count;
  let covariance = moments.color_label / count - label * mean;
  let diagonal = moments.squares / count - mean * mean + REGULARIZATION;
  let off = moments.products / count - mean.xxy * mean.yzz;
  let slope = solve_symmetric(diagonal, off, covariance, REGULARIZATION);
  let explained = min(1.0, dot(slope, covariance) / total);
  if (explained <= 0) {
    return;
  }
  let spread = total * (1 - explained) / explained;
  let variance = spread * (1 + FEW_SAMPLES / (count * total)) + LEAST_VARIANCE;
  if (variance > MOST_VARIANCE) {
    return;
  }
  let weight = 1 / (variance * variance);
  let line = slope / explained;
  let offset = label - dot(line, mean + MIDDLE);
  sums[cell * 6] += weight * line.x;
  sums[cell * 6 + 1] += weight * line.y;
  sums[cell * 6 + 2] += weight * line.z;
  sums[cell * 6 + 3] += weight * offset;
  sums[cell * 6 + 4] += weight * variance;
  sums[cell * 6 + 5] += weight;
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) group_count: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let step = i32((group.y * group_count.x + group.x) * WORKGROUP_SIZE + lane);
  let width = i32(parameters.width);
  let height = i32(parameters.height);
  let radius = i32(parameters.radius);
  let column = step % width;
  let first = (step / width) * RUN;
  if (first >= height) {
    return;
  }
  var below = Moments(); // what all windows of the run share, and what those further down add
  for (var y = first + RUN - 1 - radius; y <= first + radius; y++) {
    below = plus(below, moments_at(y, column));
  }
  for (var i = 0; i < min(RUN, height - first); i++) {
    if (i > 0) {
      below = plus(below, moments_at(first + radius + i, column));
    }
    let cell = u32((first + i) * width + column);
    let is_near = bitcast<f32>(cells[cell].y) <= parameters.reach;
    if (!is_near || (cells[cell].x & SEEN) == 0) {
      continue;
    }
    var sum = below;
    for (var y = first + i - radius; y < first + RUN - 1 - radius; y++) {
      sum = plus(sum, moments_at(y, column));
    }
    add_line(cell, sum);
  }
}
