// Sum, mean, maximum or minimum along axes: LANES invocations share an element of y, and walk the
// reduced elements together. Linked with axes.wgsl, which walks the axes of y; those that are
// reduced are walked here.

override KIND: u32; // position in REDUCE_KINDS of reduce.ts
override RESULTS: u32; // elements of y
override LANES: u32; // a power of two
override GROUP_RESULTS: u32; // elements of y per workgroup
override COUNT: u32; // elements that make one
override REDUCED_SIZE_0: u32; // axes that are reduced, from the innermost; two more than one merge
override REDUCED_SIZE_1: u32;
override REDUCED_0: u32; // their strides in x
override REDUCED_1: u32;
override REDUCED_2: u32;
override X_0: u32;
override X_1: u32;
override X_2: u32;
override X_3: u32;
override X_4: u32;
override X_5: u32;
override X_OFFSET: u32;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [RESULTS]

var<workgroup> partial: array<f32, GROUP_RESULTS * LANES>;

fn combine(a: f32, b: f32) -> f32 {
  switch (KIND) {
    case 2: { return max(a, b); }
    case 3: { return min(a, b); }
    default: { return a + b; }
  }
}

fn reduced_at(index: u32) -> u32 {
  let rest = index / REDUCED_SIZE_0;
  return (index % REDUCED_SIZE_0) * REDUCED_0 +
    (rest % REDUCED_SIZE_1) * REDUCED_1 +
    (rest / REDUCED_SIZE_1) * REDUCED_2;
}

@compute @workgroup_size(LANES, GROUP_RESULTS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) group_count: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) index: u32,
) {
  let first = (group.y * group_count.x + group.x) * GROUP_RESULTS;
  if (first >= RESULTS) {
    return;
  }
  // Lanes past the last result repeat it and write nothing.
  let wanted = first + local.y;
  let position = position_of(min(wanted, RESULTS - 1));
  let start = X_OFFSET + walk(position, vec3u(X_0, X_1, X_2), vec3u(X_3, X_4, X_5));

  // A maximum begins with an element: what lies outside the range is no neutral one.
  var value = select(0.0, x[start], KIND >= 2);
  for (var i = local.x; i < COUNT; i += LANES) {
    value = combine(value, x[start + reduced_at(i)]);
  }
  partial[index] = value;
  for (var stride = LANES / 2; stride > 0; stride /= 2) {
    workgroupBarrier();
    if (local.x < stride) {
      partial[index] = combine(partial[index], partial[index + stride]);
    }
  }
  if (local.x == 0 && wanted < RESULTS) {
    y[wanted] = select(partial[index], partial[index] / f32(COUNT), KIND == 1);
  }
}
